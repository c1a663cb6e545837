using Conjoint.Data.Augmentation;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>Stage <c>masked</c>: masked feature embedding prediction, Eq. (13)–(15).</summary>
public sealed record MaskedSettings : StageLength, IValidated
{
    /// <summary>Table 7's "w/o mask prediction" when false: stage <c>volumes</c> then starts from a new <c>VolumeEncoder</c>.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Volumes in a batch.</summary>
    [Bounds(AtLeast = 1)]
    public int Batch { get; init; } = 12;

    /// <summary>Peak learning rate.</summary>
    [Bounds(Above = 0)]
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Side of a slice in pixels.</summary>
    [Bounds(AtLeast = 8)]
    public int Size { get; init; } = 128;

    /// <summary>Most slices of a volume in a batch; longer volumes give a random run of them. With <c>fit: crop-or-pad</c> every volume has so many.</summary>
    [Bounds(AtLeast = 1)]
    public int MaxSlices { get; init; } = 64;

    /// <summary>
    /// Slices that go through the <c>SliceEncoder</c> at a time, which bounds the memory of a step; null: all at once. Changes no result. One more where
    /// a single one would be left.
    /// </summary>
    [Bounds(AtLeast = 2)]
    public int? Chunk { get; init; }

    /// <summary>How volumes come to this size: slices are resized, or (released) the middle is cut out and zeros are put around.</summary>
    public SliceFit Fit { get; init; } = SliceFit.Resize;

    /// <summary>Share of slices that are masked; at least one is.</summary>
    [Bounds(Above = 0, AtMost = 1)]
    public double MaskRatio { get; init; } = 0.1;

    /// <summary>What is predicted, and with what loss: features by Eq. (15) (paper), or their embedding (released).</summary>
    public MaskedTarget Target { get; init; } = MaskedTarget.Features;

    /// <summary>TorchIO's seven transforms, of which each view gets one of its own.</summary>
    public VolumeTransformSettings Views { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<SettingsProblem> Problems() => Views.Faults().Select(fault => new SettingsProblem("views", fault));
}
