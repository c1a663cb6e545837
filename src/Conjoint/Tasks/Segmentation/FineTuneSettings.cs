using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;

namespace Conjoint.Tasks.Segmentation;

/// <summary>How a segmenter is trained from labelled cases. Defaults are the paper's, and the release's where the paper is silent.</summary>
public sealed record FineTuneSettings : IValidated
{
    /// <summary>Decides the drawn subjects, the first weights, the order of slices and their random changes.</summary>
    public long Seed { get; init; }

    /// <summary>Labelled training subjects: <c>all</c>, a count such as <c>3</c>, or a share such as <c>20%</c>; see <see cref="LabelBudget"/>.</summary>
    public string Labels { get; init; } = "all";

    /// <summary>The data set of the store whose masks are learned; null: the only one that has masks.</summary>
    public string? Dataset { get; init; }

    /// <summary>Times that every training slice is seen; <see cref="Steps"/> goes before it.</summary>
    [Bounds(AtLeast = 1)]
    public int Epochs { get; init; } = 50; // release

    /// <summary>Optimiser steps; null counts in <see cref="Epochs"/>.</summary>
    [Bounds(AtLeast = 1)]
    public long? Steps { get; init; }

    /// <summary>Slices in a batch; fewer where there are fewer slices.</summary>
    [Bounds(AtLeast = 1)]
    public int Batch { get; init; } = 32; // release

    /// <summary>The constant learning rate; null tries every one of <see cref="LearningRates"/> and keeps the best on validation.</summary>
    [Bounds(Above = 0)]
    public double? LearningRate { get; init; }

    /// <summary>The rates to choose from.</summary>
    [Bounds(Above = 0)]
    public IReadOnlyList<double> LearningRates { get; init; } = [0.1, 0.01]; // paper

    /// <summary>The encoder's learning rate as a share of the decoder's; 0 leaves the encoder as it came, but for its batch-norm statistics.</summary>
    [Bounds(AtLeast = 0)]
    public double EncoderRate { get; init; } = 1; // paper

    /// <summary>First steps in which the decoder learns alone.</summary>
    [Bounds(AtLeast = 0)]
    public long FrozenSteps { get; init; } // paper: none

    /// <summary>Momentum of SGD.</summary>
    [Bounds(AtLeast = 0, Below = 1)]
    public double Momentum { get; init; } = 0.9; // paper

    /// <summary>Weight decay of SGD.</summary>
    [Bounds(AtLeast = 0)]
    public double WeightDecay { get; init; } = 1e-8; // release

    /// <summary>Largest norm of the whole gradient; null doesn't limit it.</summary>
    [Bounds(Above = 0)]
    public double? GradientClip { get; init; } = 1; // release

    /// <summary>Validations, spread evenly over the training; the last one comes at its end. 0 keeps the last weights unseen.</summary>
    [Bounds(AtLeast = 0)]
    public int Validations { get; init; } = 10;

    /// <summary>Validations without a better score after which training stops early; null never stops.</summary>
    [Bounds(AtLeast = 1)]
    public int? Patience { get; init; }

    /// <summary>Random changes of training slices.</summary>
    public SegmentationAugmentationSettings Augmentation { get; init; } = new();

    /// <summary>Whether the test scores hold HD95 and ASSD too.</summary>
    public bool SurfaceDistances { get; init; } = true;

    /// <summary>Name of the preset that <see cref="Encoder"/> and <see cref="Input"/> come from, for the weights' card.</summary>
    public string Preset { get; init; } = "custom";

    /// <summary>The encoder where the weights don't say: from scratch, or weights without a card.</summary>
    public SliceEncoderSettings Encoder { get; init; } = new();

    /// <summary>Size and scaling of the input; null takes them from the weights' card.</summary>
    public InputNormalisation? Input { get; init; }

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Number format of training's convolutions: <c>fp32</c>, <c>bf16</c>, or <c>auto</c>, which is bf16 on CUDA only. Predictions are always in 32 bits.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Batches that are prepared ahead; doesn't change any number.</summary>
    [Bounds(AtLeast = 1, AtMost = 64)]
    public int Workers { get; init; } = 2;

    /// <summary>Seconds between checkpoints; what a kill can cost.</summary>
    [Bounds(AtLeast = 0)]
    public double CheckpointSeconds { get; init; } = 12;

    /// <inheritdoc/>
    public IEnumerable<SettingsProblem> Problems()
    {
        if (LearningRate is null && LearningRates.Count == 0)
            yield return new SettingsProblem("learning_rates", "received []; expected at least one rate, or learning_rate");
        if (LabelBudget.TryParse(Labels) is null)
            yield return new SettingsProblem("labels", LabelBudget.Fault(Labels));
        if (Input is { Size: < 16 } input)
            yield return new SettingsProblem("input.size", $"received {input.Size}; expected at least 16");
        if (Input is { Std: <= 0 })
            yield return new SettingsProblem("input.std", "expected a number above 0");
    }
}
