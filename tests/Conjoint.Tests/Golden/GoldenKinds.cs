using Conjoint.Tests.Golden.Kinds;

namespace Conjoint.Tests.Golden;

/// <summary>Every kind of golden case that is known. A new kind is one class and one line here.</summary>
internal static class GoldenKinds
{
    private static readonly IGoldenKind[] s_kinds =
    [
        new RecipeSelfTest(),
        new PaperAttention(),
        new PaperVolumeEncoder(),
        new PaperMasked(),
        new PaperSliceFeature(),
        new PaperTrajectoryMasked(),
        new PaperTrajectoryVolumes(),
        new Sinkhorn(),
        new SwavLoss(),
        new CodesJoint(),
        new SwavMultihead(),
        new DeepCluster(),
        new MaskedLoss(),
        new LarcSgdSteps(),
        new LearningRateSchedule(),
        new SegmentationLossValues(),
        new SegmentationMetrics(),
        new SurfaceDistancePairs(),
        new RocAuc(),
        new DeLongIntervals(),
        new HolmWilcoxon(),
        new BoxOverlaps(),
        new BoxCodes(),
        new Anchors(),
        new BoxesKept(),
        new RoiAlignPooled(),
        new RoiAlignLevels(),
        new CocoAveragePrecision(),
        new DetectionAveragePrecision(),
        new ReleasedHearts(),
        new NearestRows(),
        new UNetResNet50(),
        new UNetFirstConvolution(),
        new PositionBiasTable(),
        new VolumeTransformApplied(),
        new ReleasedDistanceBias(),
        new ReleasedGridSample(),
        new ReleasedAttention(),
        new SliceAxisAttention(),
        new ReleasedEncoderLayer(),
        new ReleasedEncoderModel(),
        new ReleasedMaskedModel(),
        new ReleasedJointModel(),
        new ReleasedResNet50(),
        new ReleasedResNetNarrow(),
        new ReleasedTrajectoryMask(),
        new ReleasedTrajectorySwav(),
        new ReleasedTrajectoryDeepCluster(),
    ];

    /// <summary>The kind with the longest prefix of a case's name; null when none is known.</summary>
    public static IGoldenKind? Find(string caseName) =>
        s_kinds.Where(k => caseName.StartsWith(k.Prefix, StringComparison.Ordinal)).MaxBy(k => k.Prefix.Length);
}
