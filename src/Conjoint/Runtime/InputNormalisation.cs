using System.Text.Json.Serialization;

namespace Conjoint.Runtime;

/// <summary>From intensities to what the first layer sees: (clip to a range → [0, 1] − mean) / std.</summary>
/// <remarks>
/// CT is clipped to the window, anything else to percentiles of its volume or image. One normalisation serves all stages and
/// tasks, unless <see cref="Scale"/> says otherwise.
/// </remarks>
public sealed record InputNormalisation
{
    // Far above any slice; a batch of such squares still has a length that fits an array.
    private const int LargestSize = 8192;

    /// <summary>For weights that don't say how their input was scaled: 128 pixels a side, values in [0, 1] to −2..2.</summary>
    public static InputNormalisation Plain { get; } = new() { Size = 128, Mean = 0.5, Std = 0.25 };

    /// <summary>Side of the square network input in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>Mean that is taken off values in [0, 1].</summary>
    public required double Mean { get; init; }

    /// <summary>Standard deviation that they are divided by; above 0.</summary>
    public required double Std { get; init; }

    /// <summary>Whether that is so in all stages and tasks.</summary>
    public InputScale Scale { get; init; } = InputScale.One;

    /// <summary>How volumes come to the size of the nets.</summary>
    public SliceFit Fit { get; init; } = SliceFit.Resize;

    /// <summary>Lower edge of the CT window in Hounsfield units, which becomes 0.</summary>
    public double CtLow { get; init; } = -1000;

    /// <summary>Upper edge of the CT window in Hounsfield units, which becomes 1.</summary>
    public double CtHigh { get; init; } = 1000;

    /// <summary>Lower percentile of other images, which becomes 0.</summary>
    public double LowPercentile { get; init; } = 0.5;

    /// <summary>Upper percentile of other images, which becomes 1.</summary>
    public double HighPercentile { get; init; } = 99.5;

    /// <summary>What is wrong with it, if it came from a file; null when all is well.</summary>
    internal string? Fault() =>
        Size is < 1 or > LargestSize ? $"a size of {Size}; expected 1 to {LargestSize}"
        : !double.IsFinite(Mean) || !double.IsFinite(Std) || Std <= 0 ? $"mean {Mean} and std {Std}; expected finite numbers, the second above 0"
        : !(CtLow < CtHigh && double.IsFinite(CtHigh - CtLow)) ? $"a CT window from {CtLow} to {CtHigh}; expected a rising one"
        : !(LowPercentile >= 0 && LowPercentile < HighPercentile && HighPercentile <= 100) ? $"percentiles {LowPercentile} and {HighPercentile}; expected rising ones from 0 to 100"
        : null;

    /// <summary>
    /// What a labelled task sees that starts from these weights: the same, but 0 to 255 where the released code's scales are
    /// followed, and slices resized always, since a mask has to come back to its image.
    /// </summary>
    public InputNormalisation ForTask() => Scale == InputScale.One
        ? this with { Fit = SliceFit.Resize }
        : this with { Fit = SliceFit.Resize, Scale = InputScale.One, Mean = 0, Std = 1.0 / 255 };

    /// <summary>Which rule brings intensities to [0, 1]; a card names it where it is not the default.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IntensityRule Rule { get; init; } = IntensityRule.Default;

    /// <summary>Voxel size that volumes are resampled to, as <c>prepare --spacing</c> takes it; null leaves their own.</summary>
    public string? Spacing { get; init; }

    /// <summary>What volumes are cut to, as <c>prepare --crop</c> takes it; null cuts nothing.</summary>
    public string? Crop { get; init; }

    /// <summary>What volumes are filled up to with zeros, as <c>prepare --pad</c> takes it; null adds nothing.</summary>
    public string? Pad { get; init; }
}
