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

    /// <summary>The crops of each sample and how they are altered; codes are computed for the first two crops.</summary>
    public MultiCropSettings Views { get; init; } = new();

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
        if (Views.Crops.Count > 0 && Views.Crops[0].Count < AssignedCrops)
            yield return new SettingsProblem("views.crops", "the first entry needs count: 2 or more, since codes are computed for the first two crops and predicted from the others");
    }

    /// <summary>Crops whose codes are computed.</summary>
    internal const int AssignedCrops = 2;
}
