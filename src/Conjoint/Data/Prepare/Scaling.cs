using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>How scans become what nets see: what a store was prepared with, and what a card asks for.</summary>
/// <param name="Rule">Which rule brings intensities to [0, 1].</param>
/// <param name="CtLow">Hounsfield units that become 0.</param>
/// <param name="CtHigh">Hounsfield units that become 1.</param>
/// <param name="LowPercentile">Percentile of other images that becomes 0.</param>
/// <param name="HighPercentile">Percentile of other images that becomes 1.</param>
/// <param name="Spacing">Voxel size of volumes; null for their own.</param>
/// <param name="Crop">What volumes are cut to; null for nothing.</param>
/// <param name="Pad">What volumes are filled up to; null for nothing.</param>
internal readonly record struct Scaling(
    IntensityRule Rule, double CtLow, double CtHigh, double LowPercentile, double HighPercentile, TargetSpacing? Spacing, CropTarget? Crop, GridSize? Pad)
{
    /// <exception cref="InputDataException">The spacing, crop or pad is none. The path is empty.</exception>
    public static Scaling Of(InputNormalisation input) => new(
        input.Rule, input.CtLow, input.CtHigh, input.LowPercentile, input.HighPercentile,
        Parsed("spacing", input.Spacing, TargetSpacing.Parse), Parsed("crop", input.Crop, CropTarget.Parse), Parsed("pad", input.Pad, GridSize.Parse));

    public static Scaling Of(PreparedStore store)
    {
        var settings = store.Manifest.Settings;
        return new(
            settings.Normalisation, settings.CtWindowLow, settings.CtWindowHigh, settings.LowPercentile, settings.HighPercentile,
            settings.Spacing, settings.Crop, settings.Pad);
    }

    /// <summary>An input that is scaled this way.</summary>
    public InputNormalisation On(InputNormalisation input) => input with
    {
        Rule = Rule,
        CtLow = CtLow,
        CtHigh = CtHigh,
        LowPercentile = LowPercentile,
        HighPercentile = HighPercentile,
        Spacing = Spacing?.ToString(),
        Crop = Crop?.ToString(),
        Pad = Pad?.ToString(),
    };

    private static T? Parsed<T>(string key, string? text, Func<string, T> parse)
        where T : class
    {
        try
        {
            return text is null ? null : parse(text);
        }
        catch (ConfigurationException fault)
        {
            throw new InputDataException("", $"input.{key} of the weights' card: {fault.Message}", fault);
        }
    }

    /// <summary>Settings that prepare other files this way.</summary>
    public PrepareSettings Settings() => new()
    {
        Normalisation = Rule,
        CtWindowLow = CtLow,
        CtWindowHigh = CtHigh,
        LowPercentile = LowPercentile,
        HighPercentile = HighPercentile,
        Spacing = Spacing,
        Crop = Crop,
        Pad = Pad,
    };
}
