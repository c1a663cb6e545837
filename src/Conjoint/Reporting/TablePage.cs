using System.Globalization;
using System.Text.Json;
using Conjoint.Imaging;

namespace Conjoint.Reporting;

/// <summary>A table of the paper as one HTML page: its values, marks, tests and pictures. It reads what <c>conjoint benchmark</c> has written.</summary>
public static class TablePage
{
    private const string Prefix = "table";

    /// <summary>The tables in a folder: their <c>tableN.json</c>, by number; that of parameters has no page.</summary>
    /// <param name="folder">A folder.</param>
    public static IReadOnlyList<string> In(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder, $"{Prefix}?.json").Where(f => Path.GetFileNameWithoutExtension(f)[^1] is >= '3' and <= '7').Order(StringComparer.Ordinal)];

    /// <summary>Writes <c>tableN.html</c> beside <c>tableN.json</c>, with the pictures <c>tableN-figureC.png</c> in it.</summary>
    /// <param name="file">The <c>tableN.json</c>.</param>
    /// <returns>The path of the page.</returns>
    /// <exception cref="InputDataException">The file is missing or no such table.</exception>
    public static string Write(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return Write(file, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException)
        {
            throw new InputDataException(file, "is no table of 'conjoint benchmark'; compute it again with the same command.", e);
        }
    }

    private static string Write(string file, JsonElement table)
    {
        var number = table.GetProperty("number").GetInt32();
        string[] columns = [.. table.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)];
        var path = Path.ChangeExtension(file, ".html");
        Page.Write(path, string.Create(CultureInfo.InvariantCulture, $"Table {number}"), Markup.Of($"{Text(table, "title")}. {Progress(table)}"),
        [
            new Section("values", "Values", Markup.Of($"<p>{Text(table, "notice")}</p>{Values(table, columns)}")),
            new Section("tests", "Ours against the best of the others", Tests(table)),
            new Section("figures", "Where the methods differ most", Pictures(file, columns)),
        ],
        Markup.Of($"Every number comes from <code>{Path.GetFileName(file)}</code>, which lies beside this file. This page loads nothing from the network."));
        return path;
    }

    private static string Progress(JsonElement table) => table.GetProperty("is_complete").GetBoolean()
        ? string.Create(CultureInfo.InvariantCulture, $"Complete: {table.GetProperty("cells").GetInt32()} cells.")
        : string.Create(CultureInfo.InvariantCulture, $"Incomplete: {table.GetProperty("finished").GetInt32()} of {table.GetProperty("cells").GetInt32()} cells; the numbers are those of the finished runs.");

    private static Markup Values(JsonElement table, string[] columns) => Page.Table(
        Markup.Of($"Mean ± sample standard deviation over runs, × 100; the paper's own value in the column <i>published</i>. {Text(table, "caption")}"),
        ["Method", .. columns.SelectMany(c => new[] { c, "runs", "published" })],
        table.GetProperty("rows").EnumerateArray().Select(row => Markup.Of($"""
            <tr data-method="{Text(row, "method")}"><th scope="row">{Text(row, "method")}</th>{row.GetProperty("values").EnumerateArray().Select(v => Value(row, v))}</tr>
            """)));

    private static Markup Value(JsonElement row, JsonElement value)
    {
        var (runs, planned, diverged) = (value.GetProperty("runs").GetInt32(), value.GetProperty("planned").GetInt32(), value.GetProperty("diverged").GetInt32());
        var counted = planned == 0 ? "" : (runs == planned ? Line($"{runs}") : Line($"{runs} of {planned}")) + (diverged > 0 ? Line($", {diverged} diverged") : "");
        return Markup.Of($"""{Score(row, value, runs)}<td class="num">{counted}</td><td class="num">{Text(value, "published", "–")}</td>""");
    }

    private static Markup Score(JsonElement row, JsonElement value, int runs)
    {
        if (!value.GetProperty("applies").GetBoolean())
            return Markup.Of($"""<td class="num">N/A</td>""");
        if (runs == 0)
            return Markup.Of($"""<td class="num">{(row.GetProperty("is_computed").GetBoolean() ? "…" : "–")}</td>""");
        var mean = value.GetProperty("mean").GetDouble();
        var text = Markup.Of($"{Number(mean)}{(value.GetProperty("std") is { ValueKind: JsonValueKind.Number } std ? $" ± {Number(std.GetDouble())}" : "")}");
        var marks = Text(value, "mark").Split(", ");
        foreach (var (mark, tag) in new[] { ("Bold", "b"), ("Italic", "i"), ("Underline", "u") })
        {
            if (marks.Contains(mark))
                text = new Markup($"<{tag}>{text}</{tag}>");
        }

        return Markup.Of($"""<td class="num" data-value="{mean.ToString("R", CultureInfo.InvariantCulture)}">{text}</td>""");
    }

    private static Markup Tests(JsonElement table)
    {
        var tests = table.GetProperty("tests").EnumerateArray().ToArray();
        return tests.Length == 0 ? Markup.Empty : Page.Table(
            Markup.Of($"Wilcoxon's signed-rank test over test cases, each with its mean over runs (of a classification or detection: over runs), two-sided, corrected after Holm. Differences × 100."),
            ["Column", "method", "against", "difference", "pairs", "p"],
            tests.Select(t => Markup.Of($"""
                <tr><th scope="row">{Text(t, "column")}</th><td class="num">{Text(t, "method")}</td><td class="num">{Text(t, "baseline")}</td>
                <td class="num">{t.GetProperty("difference").GetDouble().ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture)}</td><td class="num">{t.GetProperty("pairs").GetInt32()}</td>
                <td class="num">{(t.GetProperty("p").GetDouble() is < 0.001 ? "< 0.001" : t.GetProperty("p").GetDouble().ToString("0.000", CultureInfo.InvariantCulture))}</td></tr>
                """)));
    }

    private static Markup Pictures(string file, string[] columns) => Markup.Join(columns.Index()
        .Select(c => (Column: c.Item, File: Path.ChangeExtension(file, null) + Line($"-figure{c.Index + 1}.png")))
        .Where(p => File.Exists(p.File))
        .Select(p => Page.Figure(
            Markup.Of($"""<img alt="Masks of the methods beside the ground truth, {p.Column}" loading="lazy" src="data:image/png;base64,{new Markup(Convert.ToBase64String(File.ReadAllBytes(p.File)))}">"""),
            Markup.Of($"<b>{p.Column}.</b> Test cases on whose slices the methods' first runs differ most. A method's answer is the tinted area, the truth the outline of the same colour."))));

    private static string Text(JsonElement element, string name, string none = "") => element.GetProperty(name).GetString() ?? none;

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}
