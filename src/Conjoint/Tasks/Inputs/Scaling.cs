using Conjoint.Data;
using Conjoint.Runtime;

namespace Conjoint.Tasks;

/// <summary>How intensities become values in [0, 1]: what a store was prepared with, and what a card asks for.</summary>
/// <param name="CtLow">Hounsfield units that become 0.</param>
/// <param name="CtHigh">Hounsfield units that become 1.</param>
/// <param name="LowPercentile">Percentile of other images that becomes 0.</param>
/// <param name="HighPercentile">Percentile of other images that becomes 1.</param>
internal readonly record struct Scaling(double CtLow, double CtHigh, double LowPercentile, double HighPercentile)
{
    public static Scaling Of(InputNormalisation input) => new(input.CtLow, input.CtHigh, input.LowPercentile, input.HighPercentile);

    public static Scaling Of(PreparedStore store)
    {
        var settings = store.Manifest.Settings;
        return new(settings.CtWindowLow, settings.CtWindowHigh, settings.LowPercentile, settings.HighPercentile);
    }

    /// <summary>An input that is scaled this way.</summary>
    public InputNormalisation On(InputNormalisation input) =>
        input with { CtLow = CtLow, CtHigh = CtHigh, LowPercentile = LowPercentile, HighPercentile = HighPercentile };

    /// <summary>Settings that prepare other files this way.</summary>
    public PrepareSettings Settings() =>
        new() { CtWindowLow = CtLow, CtWindowHigh = CtHigh, LowPercentile = LowPercentile, HighPercentile = HighPercentile };
}
