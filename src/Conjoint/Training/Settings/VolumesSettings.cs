using Conjoint.Data.Augmentation;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>Stage <c>volumes</c>: clustering agreement for 3D volumes, Eq. (9)–(12).</summary>
public sealed record VolumesSettings : StageLength, IValidated
{
    /// <summary>Table 7's "w/o 3D clustering" when false.</summary>
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

    /// <summary>How volumes come to this size: slices are resized, or (released) the middle is cut out and zeros are put around.</summary>
    public SliceFit Fit { get; init; } = SliceFit.Resize;

    /// <summary>The prototypes, on the 640-wide volume embedding.</summary>
    public PrototypeSettings Prototypes { get; init; } = new();

    /// <summary>TorchIO's seven transforms, of which each view gets one of its own.</summary>
    public VolumeTransformSettings Views { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<SettingsProblem> Problems() => Views.Faults().Select(fault => new SettingsProblem("views", fault));
}
