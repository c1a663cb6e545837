using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Conjoint.Tests.Reporting;

/// <summary>Reads the tables of a report back, as a reader who copies numbers from the page would.</summary>
internal static partial class HtmlTables
{
    /// <summary>All body rows: the header cell's text and each number cell's text and full value.</summary>
    public static IReadOnlyList<Row> Rows(string html) => [.. RowPattern().Matches(html).Select(row => new Row(
        row.Groups["attributes"].Value,
        WebUtility.HtmlDecode(row.Groups["head"].Value),
        [.. CellPattern().Matches(row.Groups["cells"].Value).Select(cell => new Cell(
            WebUtility.HtmlDecode(cell.Groups["text"].Value), Number(cell.Groups["attributes"].Value, "data-value"), Number(cell.Groups["attributes"].Value, "data-std")))]))];

    /// <summary>The row whose attributes hold a text.</summary>
    public static Row RowWith(string html, string attribute) => Rows(html).Single(row => row.Attributes.Contains(attribute, StringComparison.Ordinal));

    private static double? Number(string attributes, string name)
    {
        var match = Regex.Match(attributes, name + "=\"([^\"]+)\"");
        return match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex("""<tr(?<attributes>[^>]*)><th scope="row">(?<head>.*?)</th>(?<cells>.*?)</tr>""", RegexOptions.Singleline)]
    private static partial Regex RowPattern();

    [GeneratedRegex("<td(?<attributes>[^>]*)>(?<text>.*?)</td>", RegexOptions.Singleline)]
    private static partial Regex CellPattern();

    internal sealed record Cell(string Text, double? Value, double? Std);

    internal sealed record Row(string Attributes, string Head, IReadOnlyList<Cell> Cells);
}
