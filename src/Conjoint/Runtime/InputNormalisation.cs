using System.Text.Json.Serialization;

namespace Conjoint.Runtime;

/// <summary>From intensities to what the first layer sees: (clip to a range → [0, 1] − mean) / std.</summary>
/// <remarks>One normalisation serves all stages and tasks; CT is clipped to the window, anything else to percentiles of its volume or image.</remarks>
public sealed record InputNormalisation
{
    /// <summary>For weights that don't say how their input was scaled: 128 pixels a side, values in [0, 1] to −2..2.</summary>
    public static InputNormalisation Plain { get; } = new() { Size = 128, Mean = 0.5, Std = 0.25 };

    /// <summary>Side of the square network input in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>Mean that is taken off values in [0, 1].</summary>
    public required double Mean { get; init; }

    /// <summary>Standard deviation that they are divided by; above 0.</summary>
    public required double Std { get; init; }

    /// <summary>Lower edge of the CT window in Hounsfield units, which becomes 0.</summary>
    public double CtLow { get; init; } = -1000;

    /// <summary>Upper edge of the CT window in Hounsfield units, which becomes 1.</summary>
    public double CtHigh { get; init; } = 1000;

    /// <summary>Lower percentile of other images, which becomes 0.</summary>
    public double LowPercentile { get; init; } = 0.5;

    /// <summary>Upper percentile of other images, which becomes 1.</summary>
    public double HighPercentile { get; init; } = 99.5;

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
