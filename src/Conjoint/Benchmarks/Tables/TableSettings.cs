using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training;
using Conjoint.Training.Settings;

namespace Conjoint.Benchmarks.Tables;

/// <summary>The numbers of one of the paper's tables. The defaults are those of scale <c>full</c>, the paper's.</summary>
public sealed record TableSettings : IValidated
{
    /// <summary><c>tiny</c>, <c>small</c> or <c>full</c>.</summary>
    public string Scale { get; init; } = "full";

    /// <summary>The pre-training's preset, whose encoders and input size serve every method.</summary>
    public string Preset { get; init; } = "paper";

    /// <summary>Single settings of every pre-training over the preset, such as <c>slices.steps=300</c>.</summary>
    public IReadOnlyList<string> Pretrain { get; init; } = [];

    /// <summary>Single settings of every fine-tuned segmenter, such as <c>steps=300</c>.</summary>
    public IReadOnlyList<string> Segment { get; init; } = [];

    /// <summary>Single settings of segmenters of 3D convolutions, over <see cref="Segment"/>: their batches are runs of neighbouring slices.</summary>
    public IReadOnlyList<string> SegmentVolumetric { get; init; } = ["batch=256"]; // four runs of 64 slices

    /// <summary>Single settings of every fine-tuned classifier.</summary>
    public IReadOnlyList<string> Classify { get; init; } = [];

    /// <summary>Single settings of every fine-tuned detector.</summary>
    public IReadOnlyList<string> Detect { get; init; } = [];

    /// <summary>Fine-tunings of a method and column.</summary>
    [Bounds(AtLeast = 1)]
    public int Runs { get; init; } = 5; // paper

    /// <summary>Batch sizes of classifiers, each for <see cref="ClassifyTrials"/> runs in place of <see cref="Runs"/>.</summary>
    [Bounds(AtLeast = 1)]
    public IReadOnlyList<int> ClassifyBatches { get; init; } = [8, 16, 32]; // paper

    /// <summary>Runs of a classifier at each batch size.</summary>
    [Bounds(AtLeast = 1)]
    public int ClassifyTrials { get; init; } = 2; // paper

    /// <summary>Whether every run has a pre-training of its own; else all start from the one of seed 0.</summary>
    public bool RepeatPretraining { get; init; }

    /// <summary>A file of ImageNet weights for the row that starts from them; null leaves the row to its published value.</summary>
    public string? ImageNet { get; init; }

    /// <summary>Names of the methods to compute, of <see cref="TableMethods.Built"/>; empty: all that the table has.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Threads of the tensor library in each process; one gives the same bits on any number of cores.</summary>
    [Bounds(AtLeast = 1)]
    public int Threads { get; init; } = 1;

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Number format of pre-training.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>The settings of a scale.</summary>
    /// <param name="scale"><c>tiny</c>: phantoms, a minute, shows only that it works; <c>small</c>: small real data on two cores in hours; <c>full</c>: the paper's.</param>
    /// <exception cref="ConfigurationException">Another word.</exception>
    public static TableSettings Of(string scale) => scale switch
    {
        "full" => new TableSettings(),
        "small" => new TableSettings
        {
            Scale = scale,
            Preset = "small",
            Pretrain =
            [
                "slices.views.crops=[{count: 2, size: 64, min_scale: 0.7, max_scale: 1},{count: 2, size: 48, min_scale: 0.4, max_scale: 0.7}]", // docs/results.md
                "slices.batch=64", "slices.steps=300", "slices.learning_rate_per256=0.5", "volumes.learning_rate=0.02",
            ],
            Segment = ["steps=300", "batch=16", "validations=3", "precision=bf16", "rate_schedule=cosine", "surface_distances=false"],
            SegmentVolumetric = ["steps=150", "batch=64", "depth=32"], // as many volumes again as the 2D nets see in their slices
            Detect = ["steps=200", "size=192", "regions=64", "validations=2", "augmentation.flip_probability=0"], // left and right are classes,
            Classify = ["steps=60", "max_slices=16", "validations=1", "precision=bf16", "rate_schedule=cosine"],
            Device = "cpu",
            Precision = Precision.Bf16,
        },
        "tiny" => new TableSettings
        {
            Scale = scale,
            Preset = "tiny",
            Pretrain =
            [
                "slice_encoder.base_width=4", "slice_encoder.blocks=[1,1,1,1]", "volume_encoder.layers=1", "slices.steps=4", "slices.batch=8",
                "masked.steps=3", "masked.batch=2", "volumes.steps=3", "volumes.batch=2",
            ],
            Segment = ["steps=4", "batch=4", "validations=1", "surface_distances=false"],
            SegmentVolumetric = ["steps=2", "batch=16", "depth=8"],
            Detect = ["steps=2", "batch=2", "size=64", "validations=1", "pyramid_width=8", "head_width=16"],
            Classify = ["steps=2", "max_slices=4", "validations=1"],
            Runs = 2,
            ClassifyBatches = [2, 4],
            ClassifyTrials = 1,
            Device = "cpu",
        },
        _ => throw new ConfigurationException($"--scale {scale}: expected tiny, small or full."),
    };

    /// <inheritdoc/>
    public IEnumerable<SettingsProblem> Problems()
    {
        foreach (var name in Methods.Where(name => TableMethods.Built.All(m => m.Name != name)))
        {
            var near = NearestWord.Of(name, [.. TableMethods.Built.Select(m => m.Name)]);
            yield return new SettingsProblem("methods", $"received '{name}'; " + (near is null ? $"expected some of {string.Join(", ", TableMethods.Built.Select(m => m.Name))}" : $"did you mean '{near}'?"));
        }

        if (ClassifyBatches.Count == 0)
            yield return new SettingsProblem("classify_batches", "expected at least one batch size");
        if (ImageNet is not null && !File.Exists(ImageNet))
            yield return new SettingsProblem("image_net", $"{ImageNet}: no such file; expected ImageNet weights of a ResNet-50, such as torchvision's");
    }

    /// <summary>The settings of a pre-training.</summary>
    /// <param name="method">The clustering.</param>
    /// <param name="overrides">What makes the recipe.</param>
    /// <param name="seed">Its seed.</param>
    internal PretrainSettings Pretraining(ClusteringMethod method, IEnumerable<string> overrides, int seed)
    {
        List<SettingsLayer> layers = [.. Pretrain.Concat(overrides).Select(SettingsLayer.FromAssignment)];
        layers.Add(SettingsLayer.FromValue("method", "method", SettingsNames.Of(method)));
        layers.Add(SettingsLayer.FromValue("seed", "seed", FormattableString.Invariant($"{seed}")));
        layers.Add(SettingsLayer.FromValue("threads", "threads", FormattableString.Invariant($"{Threads}")));
        return Presets.Resolve(Preset, layers);
    }
}
