using Conjoint.Data.Augmentation;
using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>Stage <c>slices</c>: clustering agreement for 2D images, Eq. (1)–(5).</summary>
public sealed record SlicesSettings : StageLength, IValidated
{
    /// <summary>Slices and images in a batch.</summary>
    [Bounds(AtLeast = 1)]
    public int Batch { get; init; } = 1024;

    /// <summary>Peak learning rate for 256 samples; it grows in proportion to the batch.</summary>
    [Bounds(Above = 0)]
    public double LearningRatePer256 { get; init; } = 0.3;

    /// <summary>The crops of each sample, any number of any sizes, and how they are altered.</summary>
    public MultiCropSettings Views { get; init; } = new();

    /// <summary>
    /// The crops, counted from 0 through all entries of <c>views.crops</c>, whose codes are computed (SwAV) or that are remembered
    /// (DeepCluster-v2); the other crops predict them. The two large ones in both references.
    /// </summary>
    [Bounds(AtLeast = 0)]
    public IReadOnlyList<int> AssignedCrops { get; init; } = [0, 1];

    /// <summary>
    /// Crops that go through the <c>SliceEncoder</c> at a time, which bounds the memory of a step; null: all at once. Each is encoded twice then, and norms see a chunk at a time; the loss is over the whole batch. One more where
    /// a single one would be left.
    /// </summary>
    [Bounds(AtLeast = 2)]
    public int? Chunk { get; init; }

    /// <summary>Hidden width of the projection head.</summary>
    [Bounds(AtLeast = 1)]
    public int HeadHiddenWidth { get; init; } = 2048;

    /// <summary>Width of the clustered embedding.</summary>
    [Bounds(AtLeast = 2)]
    public int EmbeddingWidth { get; init; } = 128;

    /// <summary>Whether the head normalises its hidden layer by batch: SwAV does, DeepCluster-v2 does not.</summary>
    public bool HeadBatchNorm { get; init; } = true;

    /// <summary>The prototypes.</summary>
    public PrototypeSettings Prototypes { get; init; } = new();

    /// <summary>At most so many slices take part, drawn once from the seed; null: all.</summary>
    [Bounds(AtLeast = 2)]
    public int? MaxSamples { get; init; }

    /// <summary>Slices whose values in [0, 1] have a smaller standard deviation are left out: crops of air teach nothing.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double MinStd { get; init; } = 0.005;

    /// <summary>Peak learning rate of this stage.</summary>
    internal double LearningRate => LearningRatePer256 * Batch / 256;

    /// <inheritdoc/>
    public IEnumerable<SettingsProblem> Problems()
    {
        foreach (var fault in Views.Faults())
            yield return new SettingsProblem("views", fault);
        var crops = Views.Crops.Sum(c => Math.Max(0, (long)c.Count));
        if (crops < 2)
            yield return new SettingsProblem("views.crops", $"received {crops} crop{(crops == 1 ? "" : "s")} in all; expected at least 2, since one predicts the other");
        else if (AssignedCrops.Count == 0 || AssignedCrops.Any(c => c >= crops) || AssignedCrops.Distinct().Count() != AssignedCrops.Count)
            yield return new SettingsProblem("assigned_crops", $"received [{string.Join(", ", AssignedCrops)}]; expected one or more different crops from 0 to {crops - 1}, such as [0, 1]");
    }
}
