using Conjoint.Nets;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Classification;

/// <summary>How a classifier is trained from volumes, or images, that have a class.</summary>
public sealed record ClassificationSettings : FineTuneSettings
{
    /// <summary>The defaults.</summary>
    public ClassificationSettings() => Batch = 8; // volumes; the paper's smallest of 8, 16, 32

    /// <summary>The volume encoder where the weights don't say: from scratch, or weights without one.</summary>
    public VolumeEncoderSettings VolumeEncoder { get; init; } = new();

    /// <summary>Most slices of a volume in a training batch; longer volumes give a random run of them. Predictions take all slices.</summary>
    [Bounds(AtLeast = 1)]
    public int MaxSlices { get; init; } = 64;

    /// <summary>Slices that go through the slice encoder at a time in training, which bounds its memory; null: all at once. Norms see a chunk at a time.</summary>
    [Bounds(AtLeast = 2)]
    public int? Chunk { get; init; }

    /// <summary>Width between the two fully connected layers.</summary>
    [Bounds(AtLeast = 1)]
    public int HiddenWidth { get; init; } = 256;

    /// <summary>Share of the hidden values that a training step leaves out.</summary>
    [Bounds(AtLeast = 0, Below = 1)]
    public double Dropout { get; init; } = 0.2;

    /// <summary>What is done about rare classes.</summary>
    public ClassBalance Balance { get; init; } = ClassBalance.Loss;

    /// <summary>
    /// Edge in mm of cubes around the store's candidates, whose classes are learned in place of whole cases'; null: whole cases.
    /// </summary>
    [Bounds(Above = 0, AtMost = 500)]
    public double? CubeMm { get; init; }

    /// <summary>Of candidates, most of a class for each one of the rarest, in training and in validation; null: all. The test has all.</summary>
    [Bounds(AtLeast = 1)]
    public double? CandidateRatio { get; init; } = 10;

    /// <summary>
    /// The fold that is for the test; the next one, after the last the first, is for validation, the others for training. Null: the store's splits.
    /// </summary>
    [Bounds(AtLeast = 0)]
    public int? Fold { get; init; }

    /// <summary>Of two classes, the one that is looked for: sensitivity and ROC curve are about it; null: the store's second.</summary>
    public string? Positive { get; init; }

    /// <summary>The specificities at which the sensitivity is reported, for two classes.</summary>
    [Bounds(AtLeast = 0, AtMost = 1)]
    public IReadOnlyList<double> Specificities { get; init; } = [0.9, 0.95];

    /// <inheritdoc/>
    public override IEnumerable<SettingsProblem> Problems()
    {
        foreach (var problem in base.Problems())
            yield return problem;
        if (VolumeEncoder.Width < 2 || VolumeEncoder.Width % 2 != 0)
            yield return new SettingsProblem("volume_encoder.width", $"received {VolumeEncoder.Width}; expected an even number, for the positional encoding's pairs of sine and cosine");
        if (Specificities.Distinct().Count() != Specificities.Count)
            yield return new SettingsProblem("specificities", "expected every specificity once");
    }
}
