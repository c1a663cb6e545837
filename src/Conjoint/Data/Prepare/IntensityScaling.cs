using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>
/// Brings the values of a volume or image to [0, 1]: Hounsfield units by a window, anything else by percentiles (SPEC §2), or all by
/// one of the other rules of <see cref="IntensityRule"/>.
/// </summary>
/// <remarks>
/// Values count as Hounsfield units when the source says CT and there are some below 0 (a CT that was exported as 8-bit grey has
/// none), or when it says nothing and the values look like it: whole numbers whose 0.5 percentile is at most −500 (air, which no other
/// modality has there) and whose 99.5 percentile is at most 4095 (the top of the usual scale).
/// </remarks>
internal static class IntensityScaling
{
    private const double AirAtMost = -500;
    private const double BoneAtMost = 4095;
    private const float WholeWithin = 1e-3f;
    private const double WholeShare = 0.99;
    private const int WholeSamples = 10_000;

    /// <param name="values">Changed in place; not empty.</param>
    /// <param name="stated">What the source says.</param>
    /// <param name="settings">Rule, window and percentiles.</param>
    /// <param name="warnings">Receives what a reader should know.</param>
    /// <param name="window">The window that the file states; null where it states none.</param>
    /// <returns>The modality, now that the values are known.</returns>
    /// <exception cref="InputDataException">More than half of the values are not finite. The path is empty.</exception>
    public static Modality Apply(Span<float> values, Modality? stated, PrepareSettings settings, List<string> warnings, (double Low, double High)? window = null)
    {
        var (low, high) = ReplaceNonFinite(values, warnings);
        var modality = stated ?? Modality.Unknown;
        if (low == high)
        {
            values.Clear();
            warnings.Add(FormattableString.Invariant($"is constant (every value is {low}) and has become zeros"));
            return modality;
        }

        var isHounsfield = IsHounsfield(values, modality, low);
        if (isHounsfield)
            modality = Modality.CT;
        if (settings.Normalisation == IntensityRule.Released)
        {
            // The release reads MMWHS's whole numbers as such, which cuts the fractions of its percentiles off.
            var areWhole = AreAllWhole(values);
            Scale(values, ReleasedIntensity.Of(values, areWhole, settings.LowPercentile, settings.HighPercentile));
            return modality;
        }

        if (settings.Normalisation == IntensityRule.FileWindow && window is null)
            warnings.Add("states no window for viewing; the default rule is used");
        if (settings.Normalisation == IntensityRule.FileWindow && window is { } ofFile)
        {
            ScaleToWindow(values, ofFile, (low, high), warnings);
            return modality;
        }

        if (isHounsfield && settings.Normalisation is (IntensityRule.Default or IntensityRule.FileWindow))
        {
            ScaleToWindow(values, (settings.CtWindowLow, settings.CtWindowHigh), (low, high), warnings);
            return modality;
        }

        if (modality == Modality.CT && !isHounsfield)
            warnings.Add("is called CT but has no value below 0, so its values are no Hounsfield units and percentiles are used");
        var bounds = OrderStatistics.Percentiles(values, settings.LowPercentile, settings.HighPercentile);
        if (bounds[0] == bounds[1])
            (bounds[0], bounds[1]) = (low, high); // nearly all values are equal, as in a small shape on black
        Scale(values, bounds[0], bounds[1]);
        return modality;
    }

    private static void ScaleToWindow(Span<float> values, (double Low, double High) window, (float Low, float High) range, List<string> warnings)
    {
        Scale(values, window.Low, window.High);
        if (values.IndexOfAnyExcept(values[0]) < 0)
            warnings.Add(FormattableString.Invariant($"is constant inside the window {window.Low}..{window.High}; its values reach from {range.Low} to {range.High}"));
    }

    private static (float Low, float High) ReplaceNonFinite(Span<float> values, List<string> warnings)
    {
        var (low, high, bad) = (float.PositiveInfinity, float.NegativeInfinity, 0L);
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                bad++;
                continue;
            }

            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        if (bad == 0)
            return (low, high);
        if (bad * 2 > values.Length)
            throw new InputDataException("", $"{bad} of its {values.Length} values are NaN or infinite; expected at most half");
        foreach (ref var value in values)
        {
            if (!float.IsFinite(value))
                value = low;
        }

        warnings.Add($"has {bad} values that are NaN or infinite; the least finite value stands in their place");
        return (low, high);
    }

    private static bool IsHounsfield(ReadOnlySpan<float> values, Modality modality, float low) => modality switch
    {
        Modality.CT => low < 0,
        Modality.Unknown => low <= AirAtMost && AreWhole(values) && OrderStatistics.Percentiles(values, 0.5, 99.5) is [<= AirAtMost, <= BoneAtMost],
        _ => false,
    };

    private static bool AreWhole(ReadOnlySpan<float> values)
    {
        var step = Math.Max(1, values.Length / WholeSamples);
        var (whole, seen) = (0, 0);
        for (var i = 0; i < values.Length; i += step, seen++)
        {
            if (Math.Abs(values[i] - MathF.Round(values[i])) <= WholeWithin)
                whole++;
        }

        return whole >= WholeShare * seen;
    }

    private static bool AreAllWhole(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (value != MathF.Round(value))
                return false;
        }

        return true;
    }

    private static void Scale(Span<float> values, ReleasedIntensity released)
    {
        foreach (ref var value in values)
            value = (float)released.Scale(value);
    }

    private static void Scale(Span<float> values, double low, double high)
    {
        var factor = 1 / (high - low);
        foreach (ref var value in values)
            value = (float)Math.Clamp((value - low) * factor, 0, 1);
    }
}
