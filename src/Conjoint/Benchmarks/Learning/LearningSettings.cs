using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training;
using Conjoint.Training.Settings;

namespace Conjoint.Benchmarks.Learning;

/// <summary>The numbers of the learning protocol. The defaults are those of scale <c>small</c>.</summary>
public sealed record LearningSettings : IValidated
{
    /// <summary>The pre-training's preset, whose encoder and input size serve every arm.</summary>
    public string Preset { get; init; } = "small";

    /// <summary>Single settings of every pre-training over the preset, such as <c>slices.steps=300</c>.</summary>
    public IReadOnlyList<string> Pretrain { get; init; } =
    [
        // Crops of nearly the whole slice keep apart what a decoder has to tell apart later; measured on training subjects (docs/results.md).
        "slices.views.crops=[{count: 2, size: 64, min_scale: 0.7, max_scale: 1},{count: 2, size: 48, min_scale: 0.4, max_scale: 0.7}]",
        "slices.batch=128", "slices.steps=500", "slices.learning_rate_per256=0.25",
        "masked.batch=8", "masked.steps=100",
        "volumes.batch=8", "volumes.steps=80", "volumes.learning_rate=0.02",
    ];

    /// <summary>Single settings of the pre-trainings that have more than stage <c>slices</c>, over <see cref="Pretrain"/>.</summary>
    public IReadOnlyList<string> PretrainJoint { get; init; } =
    [
        // A fresh volume encoder's embeddings differ by less than its dropout moves them: without both of these, stage volumes learns nothing from some forty volumes (docs/results.md).
        "volumes.centre=true", "volume_encoder.dropout=0", "volumes.learning_rate=0.2",
    ];

    /// <summary>Single settings of every fine-tuning, such as <c>weight_decay=1e-4</c>.</summary>
    public IReadOnlyList<string> Finetune { get; init; } = ["precision=bf16", "rate_schedule=cosine"];

    /// <summary>Pre-trainings of each arm; fine-tunings from scratch have as many seeds.</summary>
    [Bounds(AtLeast = 1)]
    public int Seeds { get; init; } = 3;

    /// <summary>Draws of labelled subjects.</summary>
    [Bounds(AtLeast = 1)]
    public int Draws { get; init; } = 10;

    /// <summary>Labelled subjects; the first serves every arm and the choice of rates, the others and <c>all</c> the main arms.</summary>
    public IReadOnlyList<string> Labels { get; init; } = ["3", "6", "all"];

    /// <summary>Optimiser steps of a fine-tuning; three times as many in arm <c>scratch-3x</c>.</summary>
    [Bounds(AtLeast = 1)]
    public long Steps { get; init; } = 400;

    /// <summary>Slices in a batch of fine-tuning.</summary>
    [Bounds(AtLeast = 1)]
    public int Batch { get; init; } = 16;

    /// <summary>Learning rates to choose from, an arm for itself.</summary>
    [Bounds(Above = 0)]
    public IReadOnlyList<double> Rates { get; init; } = [0.1, 0.2];

    /// <summary>
    /// The encoder's share of the rate to choose from, in arms that begin with pre-trained weights: new layers need steps that these don't
    /// survive. From random weights the encoder learns at the full rate.
    /// </summary>
    [Bounds(Above = 0)]
    public IReadOnlyList<double> EncoderRates { get; init; } = [1];

    /// <summary>Arms to compare, of <see cref="LearningArm.Every"/>; a pre-training is done when an arm needs it.</summary>
    public IReadOnlyList<string> Arms { get; init; } = LearningArm.Every;

    /// <summary>Pre-trains and chooses rates, and stops there: for work on a recipe, which must not see the held-out subjects.</summary>
    public bool ChoicesOnly { get; init; }

    /// <summary>Draws on which a rate is chosen; they are none of <see cref="Draws"/>.</summary>
    [Bounds(AtLeast = 1)]
    public int SelectionDraws { get; init; } = 3;

    /// <summary>Training subjects outside of such a draw on which it is scored.</summary>
    [Bounds(AtLeast = 1)]
    public int SelectionSubjects { get; init; } = 8;

    /// <summary>Slices of a volume that the position probe looks at, at most.</summary>
    [Bounds(AtLeast = 2)]
    public int ProbeSlices { get; init; } = 12;

    /// <summary>Training volumes of the volume probe, at most.</summary>
    [Bounds(AtLeast = 2)]
    public int ProbeVolumes { get; init; } = 200;

    /// <summary>Slices of each of them, at most.</summary>
    [Bounds(AtLeast = 1)]
    public int ProbeVolumeSlices { get; init; } = 32;

    /// <summary>Rounds of the bootstrap.</summary>
    [Bounds(AtLeast = 1)]
    public int Rounds { get; init; } = 10_000;

    /// <summary>Threads of the tensor library in each process; one gives the same bits on any number of cores.</summary>
    [Bounds(AtLeast = 1)]
    public int Threads { get; init; } = 1;

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Number format of pre-training.</summary>
    public Precision Precision { get; init; } = Precision.Bf16;

    /// <summary>The word for every labelled training subject.</summary>
    public const string AllLabels = "all";

    /// <summary>The settings of a scale.</summary>
    /// <param name="scale"><c>tiny</c>, a minute on phantoms that shows only that it works, or <c>small</c>, the real one.</param>
    /// <exception cref="ConfigurationException">Another word.</exception>
    public static LearningSettings Of(string scale) => scale switch
    {
        "small" => new LearningSettings(),
        "tiny" => new LearningSettings
        {
            Preset = "tiny",
            Pretrain =
            [
                "slice_encoder.base_width=4", "slice_encoder.blocks=[1,1,1,1]", "volume_encoder.layers=1", "slices.steps=4", "slices.batch=8",
                "masked.steps=3", "masked.batch=2", "volumes.steps=3", "volumes.batch=2",
            ],
            PretrainJoint = [],
            Finetune = [],
            Precision = Precision.Auto,
            Seeds = 2,
            Draws = 2,
            Labels = ["1", "2", "all"],
            Steps = 4,
            Batch = 4,
            Rates = [0.05, 0.1],
            SelectionDraws = 1,
            SelectionSubjects = 2,
            ProbeSlices = 3,
            ProbeVolumes = 6,
            ProbeVolumeSlices = 4,
            Rounds = 200,
        },
        _ => throw new ConfigurationException($"--scale {scale}: the learning protocol has scales tiny and small."),
    };

    /// <inheritdoc/>
    public IEnumerable<SettingsProblem> Problems()
    {
        if (Labels.Count == 0 || Labels[0] == AllLabels)
            yield return new SettingsProblem("labels", "expected a count of subjects first, such as [3, 6, all]");
        foreach (var word in Labels.Where(l => l != AllLabels && !(int.TryParse(l, out var count) && count >= 1)))
            yield return new SettingsProblem("labels", $"received '{word}'; expected counts of subjects, and all");
        if (Labels.Distinct().Count() < Labels.Count)
            yield return new SettingsProblem("labels", "names a count twice");
        foreach (var word in Arms.Except(LearningArm.Every))
            yield return new SettingsProblem("arms", $"received '{word}'; expected some of {string.Join(", ", LearningArm.Every)}");
        if (EncoderRates.Count == 0 || EncoderRates.Distinct().Count() < EncoderRates.Count)
            yield return new SettingsProblem("encoder_rates", "expected different shares, at least one");
        if (Rates.Count == 0 || Rates.Distinct().Count() < Rates.Count)
            yield return new SettingsProblem("rates", "expected different rates, at least one");
    }

    /// <summary>The settings of a pre-training.</summary>
    /// <param name="arm">An arm of <see cref="LearningArm"/> that isn't from scratch; what it leaves out is switched off.</param>
    /// <param name="seed">Its seed.</param>
    internal PretrainSettings Pretraining(string arm, int seed)
    {
        // Arm slices leaves them out, so that its pre-training is the same whatever the others try.
        List<SettingsLayer> layers = [.. Pretrain.Concat(arm == LearningArm.Slices ? [] : PretrainJoint).Select(SettingsLayer.FromAssignment)];
        layers.Add(SettingsLayer.FromValue("seed", "seed", FormattableString.Invariant($"{seed}")));
        layers.Add(SettingsLayer.FromValue("threads", "threads", FormattableString.Invariant($"{Threads}")));
        if (arm == LearningArm.NoMasked)
            layers.Add(SettingsLayer.FromValue(arm, "masked.enabled", "false"));
        if (arm == LearningArm.LastLevel)
            layers.Add(SettingsLayer.FromValue(arm, "slice_encoder.feature_levels", "last"));
        return Presets.Resolve(Preset, layers);
    }
}
