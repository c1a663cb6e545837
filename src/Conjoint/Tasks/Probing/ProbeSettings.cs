using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Probing;

/// <summary>How frozen weights are probed.</summary>
public sealed record ProbeSettings : IValidated
{
    /// <summary>Decides the drawn subjects and the untrained encoders' weights.</summary>
    public long Seed { get; init; }

    /// <summary>Labelled training subjects: <c>all</c>, a count such as <c>3</c>, or a share such as <c>20%</c>; see <see cref="LabelBudget"/>.</summary>
    public string Labels { get; init; } = "all";

    /// <summary>The data set of the store that is meant; null: the only one that has what is asked for.</summary>
    public string? Dataset { get; init; }

    /// <summary>The split whose cases are scored: <c>test</c>, or <c>val</c>, whose cases choose nothing then.</summary>
    public string Split { get; init; } = Data.Split.Test;

    /// <summary>A CSV table with what is to be told; null: the classes in the store.</summary>
    public string? Table { get; init; }

    /// <summary>Its column; only with <see cref="Table"/>.</summary>
    public string? Target { get; init; }

    /// <summary>Whether classes or numbers are to be told.</summary>
    public ProbeKind Kind { get; init; } = ProbeKind.Auto;

    /// <summary>Of two classes, the one that is looked for; null: the second.</summary>
    public string? Positive { get; init; }

    /// <summary>Slices of a volume that are looked at, evenly spread.</summary>
    [Bounds(AtLeast = 1)]
    public int MaxSlices { get; init; } = 32;

    /// <summary>The k of the k-NN probe to choose from.</summary>
    [Bounds(AtLeast = 1)]
    public IReadOnlyList<int> Neighbours { get; init; } = [1, 5, 20];

    /// <summary>Name of the preset that the encoders come from.</summary>
    public string Preset { get; init; } = "custom";

    /// <summary>The slice encoder of <c>scratch</c>.</summary>
    public SliceEncoderSettings Encoder { get; init; } = new();

    /// <summary>The volume encoder of <c>scratch</c>.</summary>
    public VolumeEncoderSettings VolumeEncoder { get; init; } = new();

    /// <summary>Size and scaling of the input of <c>scratch</c>; null: plain.</summary>
    public InputNormalisation? Input { get; init; }

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <inheritdoc/>
    public IEnumerable<SettingsProblem> Problems()
    {
        if (LabelBudget.TryParse(Labels) is null)
            yield return new SettingsProblem("labels", LabelBudget.Fault(Labels));
        if (Split is not (Data.Split.Test or Data.Split.Validation))
            yield return new SettingsProblem("split", $"received '{Split}'; expected {Data.Split.Test} or {Data.Split.Validation}, since the probe is fitted to {Data.Split.Train}");
        if (Neighbours.Count == 0)
            yield return new SettingsProblem("neighbours", "received []; expected at least one k");
        if (Target is not null && Table is null)
            yield return new SettingsProblem("target", $"received '{Target}' without a table; expected --table FILE.csv, which has this column");
        if (Table is not null && Target is null)
            yield return new SettingsProblem("table", $"received '{Table}' without a column; expected --target COLUMN");
        if (Input is { Size: < 16 } input)
            yield return new SettingsProblem("input.size", $"received {input.Size}; expected at least 16");
        if (VolumeEncoder.Width < 2 || VolumeEncoder.Width % 2 != 0)
            yield return new SettingsProblem("volume_encoder.width", $"received {VolumeEncoder.Width}; expected an even number, for the positional encoding's pairs of sine and cosine");
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

/// <summary>What a probe tells.</summary>
public enum ProbeKind
{
    /// <summary>Numbers where every value is one and more than ten are different; classes otherwise.</summary>
    Auto,

    /// <summary>Classes.</summary>
    Class,

    /// <summary>Numbers.</summary>
    Number,
}
