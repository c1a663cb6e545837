using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;

namespace Conjoint.Tasks.FineTuning;

/// <summary>How a net is trained from labelled cases, whatever its task. Defaults are the paper's, and the release's where the paper is silent.</summary>
public abstract record FineTuneSettings : IValidated
{
    /// <summary>Decides the drawn subjects, the first weights, the order of samples and their random changes.</summary>
    public long Seed { get; init; }

    /// <summary>Labelled training subjects: <c>all</c>, a count such as <c>3</c>, or a share such as <c>20%</c>; see <see cref="LabelBudget"/>.</summary>
    public string Labels { get; init; } = "all";

    /// <summary>The data set of the store whose labels are learned; null: the only one that has labels for the task.</summary>
    public string? Dataset { get; init; }

    /// <summary>Times that every training sample is seen; <see cref="Steps"/> goes before it.</summary>
    [Bounds(AtLeast = 1)]
    public int Epochs { get; init; } = 50; // release

    /// <summary>Optimiser steps; null counts in <see cref="Epochs"/>.</summary>
    [Bounds(AtLeast = 1)]
    public long? Steps { get; init; }

    /// <summary>Samples in a batch (slices of a segmentation, volumes of a classification); fewer where there are fewer.</summary>
    [Bounds(AtLeast = 1)]
    public int Batch { get; init; } = 32; // release

    /// <summary>The learning rate; null tries every one of <see cref="LearningRates"/> and keeps the best on validation.</summary>
    [Bounds(Above = 0)]
    public double? LearningRate { get; init; }

    /// <summary>The rates to choose from.</summary>
    [Bounds(Above = 0)]
    public IReadOnlyList<double> LearningRates { get; init; } = [0.1, 0.01]; // paper

    /// <summary>What becomes of a learning rate over the steps.</summary>
    public RateSchedule RateSchedule { get; init; } = RateSchedule.Constant; // release

    /// <summary>The learning rate of the pre-trained nets as a share of the others'; 0 leaves them as they came, but for batch-norm statistics.</summary>
    [Bounds(AtLeast = 0)]
    public double EncoderRate { get; init; } = 1; // paper

    /// <summary>First steps in which what is new learns alone.</summary>
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

    /// <summary>Random changes of training slices, alike for all slices of a volume that are learned from together.</summary>
    public SliceAugmentationSettings Augmentation { get; init; } = new();

    /// <summary>Name of the preset that the nets and <see cref="Input"/> come from, for the weights' card.</summary>
    public string Preset { get; init; } = "custom";

    /// <summary>The slice encoder where the weights don't say: from scratch, or weights without a card.</summary>
    public SliceEncoderSettings Encoder { get; init; } = new();

    /// <summary>
    /// Whether nets of 3D convolutions learn in place of the paper's: its baselines Scratch (3D), 3D-SwAV and 3D-DeepCluster, for segmentation and classification. Weights of stage
    /// <c>volumes-3d</c> ask for it by themselves. They have the widths and depths of <see cref="Encoder"/>, and always learn in 32 bits.
    /// </summary>
    public bool Volumetric { get; init; }

    /// <summary>Size and scaling of the input; null takes them from the weights' card.</summary>
    public InputNormalisation? Input { get; init; }

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Number format of training's convolutions: <c>fp32</c>, <c>bf16</c>, or <c>auto</c>, which is bf16 on CUDA only. Predictions are always in 32 bits.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Whether these nets compute in 32 bits whatever <see cref="Precision"/> says.</summary>
    internal virtual bool IsAlwaysFull => Volumetric;

    /// <summary>Batches that are prepared ahead; doesn't change any number.</summary>
    [Bounds(AtLeast = 1, AtMost = 64)]
    public int Workers { get; init; } = 2;

    /// <summary>Seconds between checkpoints; what a kill can cost.</summary>
    [Bounds(AtLeast = 0)]
    public double CheckpointSeconds { get; init; } = 12;

    /// <inheritdoc/>
    public virtual IEnumerable<SettingsProblem> Problems()
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

    /// <summary>Refuses settings that can't work together.</summary>
    /// <exception cref="ConfigurationException">They can't.</exception>
    internal void Check()
    {
        string[] faults = [.. Problems().Select(p => $"{p.Key}: {p.Message}")];
        if (faults.Length > 0)
            throw new ConfigurationException(faults);
    }
}
