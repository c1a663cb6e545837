using Conjoint.Nets;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Segmentation;

/// <summary>How a segmenter is trained from cases with masks.</summary>
public sealed record SegmentationSettings : FineTuneSettings
{
    /// <summary>Whether the test scores hold HD95 and ASSD too.</summary>
    public bool SurfaceDistances { get; init; } = true;

    /// <summary>
    /// Channels that a net sees together, by their names in the store: <c>[flair, t1, t1ce, t2]</c>. Empty: the image that has the mask, alone.
    /// </summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>
    /// Whether what the volume encoder says about each slice among its neighbours is added to the deepest map of the U-Net. Ours; a batch is a run of slices of one volume then.
    /// </summary>
    public bool VolumeContext { get; init; } // paper: every slice alone

    internal override bool IsAlwaysFull => Volumetric || VolumeContext;

    /// <summary>The volume encoder of <see cref="VolumeContext"/> where the weights don't say.</summary>
    public VolumeEncoderSettings VolumeEncoder { get; init; } = new();

    /// <summary>
    /// Most slices that a net of 3D convolutions sees together: longer volumes give a random run of them to a batch, and are segmented in runs that overlap by half. A batch
    /// has as many runs as its slices have room for, and at least one.
    /// </summary>
    [Bounds(AtLeast = 1)]
    public int Depth { get; init; } = 64;

    /// <inheritdoc/>
    public override IEnumerable<SettingsProblem> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (Channels.Distinct(StringComparer.OrdinalIgnoreCase).Count() != Channels.Count)
            yield return new SettingsProblem("channels", $"received [{string.Join(", ", Channels)}]; expected each name once");
        if (VolumeContext && Volumetric)
            yield return new SettingsProblem("volume_context", "relates the slices of the paper's net; expected false beside volumetric: true, whose net sees them together anyway");
    }
}
