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

    /// <summary>The crops of each sample; codes are computed for the first two.</summary>
    public IReadOnlyList<CropSettings> Crops { get; init; } =
        [new CropSettings { Count = 2, Size = 224, MinScale = 0.14, MaxScale = 1 }, new CropSettings { Count = 6, Size = 96, MinScale = 0.05, MaxScale = 0.14 }];

    /// <summary>How crops are altered.</summary>
    public CropAugmentationSettings Augmentation { get; init; } = new();

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
        for (var i = 0; i < Crops.Count; i++)
        {
            var crop = Crops[i];
            if (crop.Count < 1 || crop.Size < 8 || crop.MinScale <= 0 || crop.MaxScale > 1 || crop.MinScale > crop.MaxScale)
                yield return new SettingsProblem($"crops[{i}]", "expected count of at least 1, size of at least 8, and 0 < min_scale ≤ max_scale ≤ 1");
        }
    }
}
