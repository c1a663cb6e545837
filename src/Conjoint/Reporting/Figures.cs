using System.Globalization;

namespace Conjoint.Reporting;

/// <summary>Numbers as a report shows them: the same in every culture, and in tables with their full value beside.</summary>
internal static class Figures
{
    /// <summary>A score or loss: four decimals; a dash for none.</summary>
    public static string Score(double? value) => value switch
    {
        null => "–",
        double.NaN => "not finite",
        var number => number.Value.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    /// <summary>A signed difference: four decimals.</summary>
    public static string Difference(double value) => value.ToString("+0.0000;−0.0000;0.0000", CultureInfo.InvariantCulture);

    /// <summary>About three significant digits, for rates and readings.</summary>
    public static string Reading(double? value) => value switch
    {
        null => "–",
        double.NaN => "not finite",
        var number when Math.Abs(number.Value) is >= 1000 or 0 => number.Value.ToString("0", CultureInfo.InvariantCulture),
        var number => number.Value.ToString("G3", CultureInfo.InvariantCulture),
    };

    /// <summary>A share of 1 in percent.</summary>
    public static string Percent(double? value) =>
        value is { } share ? (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "–";

    /// <summary>A table cell that shows a number, and keeps its full value for programs.</summary>
    public static Markup Cell(double? value, Func<double?, string> format) => value is { } number && double.IsFinite(number)
        ? Markup.Of($"""<td class="num" data-value="{number.ToString("R", CultureInfo.InvariantCulture)}">{format(value)}</td>""")
        : Markup.Of($"""<td class="num">{format(value)}</td>""");

    /// <summary>A table cell with mean ± standard deviation.</summary>
    public static Markup MeanCell(double? mean, double? std) => mean is { } number
        ? Markup.Of($"""<td class="num" data-value="{number.ToString("R", CultureInfo.InvariantCulture)}" data-std="{std?.ToString("R", CultureInfo.InvariantCulture)}">{Score(mean)}{(std is null ? "" : " ± " + Score(std))}</td>""")
        : Markup.Of($"""<td class="num">–</td>""");

    /// <summary>A table cell with a signed difference ± standard deviation.</summary>
    public static Markup DifferenceCell(double mean, double? std) => Markup.Of(
        $"""<td class="num" data-value="{mean.ToString("R", CultureInfo.InvariantCulture)}" data-std="{std?.ToString("R", CultureInfo.InvariantCulture)}">{Difference(mean)}{(std is null ? "" : " ± " + Score(std))}</td>""");
}
