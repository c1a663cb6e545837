using Conjoint.Data.Augmentation;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>Stage <c>volumes</c>: clustering agreement for 3D volumes, Eq. (9)–(12).</summary>
public sealed record VolumesSettings : StageLength, IValidated
{
    private const int FewestCentred = 4;

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

    /// <summary>
    /// Slices that go through the <c>SliceEncoder</c> at a time, which bounds the memory of a step; null: all at once. Each is encoded twice then, and norms see a chunk at a time; the loss is over the whole batch. One more where
    /// a single one would be left.
    /// </summary>
    [Bounds(AtLeast = 2)]
    public int? Chunk { get; init; }

    /// <summary>How volumes come to this size: slices are resized, or (released) the middle is cut out and zeros are put around.</summary>
    public SliceFit Fit { get; init; } = SliceFit.Resize;

    /// <summary>The prototypes, on the 640-wide volume embedding.</summary>
    public PrototypeSettings Prototypes { get; init; } = new();

    /// <summary>
    /// Whether what all embeddings of a batch have in common is taken from each before it meets the prototypes. Ours: a fresh volume encoder's embeddings of one kind of scan have cosines of nearly 1,
    /// and a few dozen volumes don't pull them apart.
    /// </summary>
    public bool Centre { get; init; } // paper: as they are

    /// <summary>The 2D term, Eq. (5) beside Eq. (12); without weight there is none.</summary>
    public SliceTermSettings SliceTerm { get; init; } = new();

    /// <summary>TorchIO's seven transforms, of which each view gets one of its own.</summary>
    public VolumeTransformSettings Views { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<SettingsProblem> Problems()
    {
        foreach (var fault in Views.Faults())
            yield return new SettingsProblem("views", fault);
        if (Centre && Batch < FewestCentred)
            yield return new SettingsProblem("centre", $"received true with batches of {Batch}; expected batch to be at least {FewestCentred}, since a mean of fewer volumes is mostly each volume itself");
    }
}
