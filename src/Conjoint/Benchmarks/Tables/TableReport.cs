using System.Globalization;
using System.Text;
using System.Text.Json;
using Conjoint.Benchmarks.Statistics;
using Conjoint.Runtime;

namespace Conjoint.Benchmarks.Tables;

/// <summary>Writes a table as <c>tableN.md</c> to read, <c>tableN.csv</c> to plot and <c>tableN.json</c> for programs: the same numbers in each.</summary>
public static class TableReport
{
    private const string NotComputed = "–";

    /// <summary>Writes the three files into a folder.</summary>
    /// <param name="folder">The table's folder.</param>
    /// <param name="summary">What to write.</param>
    /// <param name="command">The command line that goes on with the work; null when there was none.</param>
    public static void Write(string folder, TableSummary summary, string? command)
    {
        ArgumentNullException.ThrowIfNull(summary);
        string At(string extension) => Path.Combine(folder, Line($"table{summary.Number}.{extension}"));
        AtomicFile.WriteText(At("md"), Markdown(summary, command));
        AtomicFile.WriteText(At("csv"), Csv(summary));
        AtomicFile.WriteText(At("json"), JsonSerializer.Serialize(summary, SummaryJson.Options) + "\n");
    }

    /// <summary>The page.</summary>
    public static string Markdown(TableSummary summary, string? command)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var settings = summary.Settings;
        var text = new StringBuilder(Line($"# Table {summary.Number}\n\n{summary.Title}.\n\n"));
        text.Append(summary.IsComplete ? Line($"Complete: {summary.Cells} cells.") : Line($"**Incomplete: {summary.Finished} of {summary.Cells} cells.** The numbers are those of the finished runs."));
        text.Append("\n\n");
        if (command is not null)
            text.Append(Line($"```sh\n{command}\n```\n\n"));
        text.Append(Notice(settings)).Append("\n\n");

        Row(text, ["method", .. summary.Columns.SelectMany(c => new[] { c, "runs", "published" })]);
        Row(text, [.. Enumerable.Repeat("---", 1 + 3 * summary.Columns.Count)]);
        foreach (var row in summary.Rows)
            Row(text, [row.Method, .. row.Values.SelectMany(v => new[] { Shown(row, v), Runs(v), v.Published ?? NotComputed })]);
        text.Append('\n').Append(Caption(summary)).Append('\n');

        if (summary.Tests.Count > 0)
        {
            text.Append("\n## Ours against the best of the others\n\nWilcoxon's signed-rank test over test cases, each with its mean over runs (of a classification or detection: over runs), two-sided, corrected after Holm.\n\n");
            Row(text, ["column", "method", "against", "difference", "pairs", "p"]);
            Row(text, ["---", "---", "---", "---", "---", "---"]);
            foreach (var test in summary.Tests)
                Row(text, [test.Column, test.Method, test.Baseline, test.Difference.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture), Line($"{test.Pairs}"), test.P < 0.001 ? "< 0.001" : test.P.ToString("0.000", CultureInfo.InvariantCulture)]);
        }

        return text.ToString();
    }

    /// <summary>What the scale's numbers mean, and what ± is.</summary>
    internal static string Notice(TableSettings settings) => settings.Scale switch
    {
        "full" => "Scale `full`: the paper's data and settings.",
        "small" => "Scale `small`: small public data stand in for the paper's, as the heads of the columns say, and nets train for minutes. Published values are those of the paper on its own data: **the two are not to be compared with each other**.",
        _ => "Scale `tiny`: phantoms and nets that have learned next to nothing. It shows that the table can be made; **its numbers mean nothing**.",
    } + Line($" Preset `{settings.Preset}`; mean ± sample standard deviation over runs, × 100; {(settings.RepeatPretraining ? "every run has a pre-training of its own" : "all runs start from one pre-training, so that the deviation is that of fine-tuning alone")}.");

    /// <summary>A line a method and column.</summary>
    internal static string Csv(TableSummary summary)
    {
        var lines = new List<string> { "table,method,group,column,mean,std,runs,planned,diverged,applies,published" };
        foreach (var row in summary.Rows)
        {
            foreach (var (column, v) in summary.Columns.Zip(row.Values))
                lines.Add(string.Join(',', Line($"{summary.Number}"), row.Method, row.Group, column, Plain(v.Mean), Plain(v.Std), Line($"{v.Runs}"), Line($"{v.Planned}"), Line($"{v.Diverged}"), v.Applies ? "true" : "false", v.Published ?? ""));
        }

        return string.Join('\n', lines) + "\n";
    }

    /// <summary>A value as the paper prints it, with its marks.</summary>
    internal static string Shown(TableRow row, TableValue value)
    {
        if (!value.Applies)
            return "N/A";
        if (value.Runs == 0)
            return row.IsComputed ? "…" : NotComputed;
        var text = double.IsNaN(value.Std) ? Number(value.Mean) : $"{Number(value.Mean)} ± {Number(value.Std)}";
        if (value.Mark.HasFlag(ValueMark.Bold))
            text = $"**{text}**";
        if (value.Mark.HasFlag(ValueMark.Italic))
            text = $"*{text}*";
        return value.Mark.HasFlag(ValueMark.Underline) ? $"<u>{text}</u>" : text;
    }

    /// <summary>What the marks mean.</summary>
    internal static string Caption(TableSummary summary)
    {
        var sentences = new List<string>();
        var values = summary.Rows.SelectMany(r => r.Values).ToList();
        if (summary.Rows.Any(r => r.Values.Any(v => Shown(r, v) == NotComputed)))
            sentences.Add($"{NotComputed}: not computed here.");
        if (values.Exists(v => v.Published is null))
            sentences.Add($"Published {NotComputed}: the paper has no number.");
        if (values.Exists(v => !v.Applies))
            sentences.Add("N/A: weights that can't be transferred to the task.");
        if (values.Exists(v => v.Mark.HasFlag(ValueMark.Bold)))
            sentences.Add("Bold and italic: the best and the second best" + (summary.Number is 3 or 4 ? " among methods with 2D nets, plain or combined." : "."));
        if (values.Exists(v => v.Mark.HasFlag(ValueMark.Underline)))
            sentences.Add("Underlined: the best of all that were computed.");
        return string.Join(' ', sentences);
    }

    private static void Row(StringBuilder text, string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Runs(TableValue v) => v.Planned == 0 ? "" : (v.Runs == v.Planned ? Line($"{v.Runs}") : Line($"{v.Runs} of {v.Planned}")) + (v.Diverged > 0 ? Line($", {v.Diverged} diverged") : "");

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Plain(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}
