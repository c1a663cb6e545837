using System.Globalization;
using System.Text;
using System.Text.Json;
using Conjoint.Benchmarks.Cells;
using Conjoint.Benchmarks.Statistics;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training.Monitoring;

namespace Conjoint.Benchmarks.Comparing;

/// <summary>Writes a comparison as <c>compare.md</c> to read, <c>compare.csv</c> to plot and <c>compare.json</c> for programs, and the lines that its page is made from.</summary>
public static class ComparisonFiles
{
    /// <summary>Writes the three files.</summary>
    /// <param name="folder">The comparison's folder.</param>
    /// <param name="summary">What to write.</param>
    /// <param name="command">The command line that goes on with the work; null when there was none.</param>
    public static void Write(string folder, ComparisonSummary summary, string? command)
    {
        ArgumentNullException.ThrowIfNull(summary);
        AtomicFile.WriteText(Path.Combine(folder, "compare.md"), Markdown(summary, command));
        AtomicFile.WriteText(Path.Combine(folder, "compare.csv"), Csv(summary));
        AtomicFile.WriteText(Path.Combine(folder, "compare.json"), JsonSerializer.Serialize(summary, SummaryJson.Options) + "\n");
    }

    /// <summary>The page.</summary>
    internal static string Markdown(ComparisonSummary summary, string? command)
    {
        var text = new StringBuilder(Line($"# {summary.Task}: started from weights, and from scratch\n\n"));
        var all = summary.Runs * summary.Arms.Count;
        text.Append(summary.IsComplete ? Line($"Complete: {all} fine-tunings.") : Line($"**Incomplete: {summary.Finished} of {all} fine-tunings.** The numbers are those of the finished ones."));
        text.Append("\n\n");
        if (command is not null)
            text.Append(Line($"```sh\n{command}\n```\n\n"));
        text.Append(Line($"Test {summary.Score} × 100, mean ± sample standard deviation over runs. Labelled subjects: {summary.Labels}. Runs of one seed have the same subjects, order and random changes whatever they start from.\n\n"));
        Row(text, ["start", summary.Score, "runs", "each run"]);
        Row(text, ["---", "---", "---", "---"]);
        foreach (var arm in summary.Arms)
        {
            Row(text,
            [
                arm.Name, arm.Scores.Count == 0 ? "…" : double.IsNaN(arm.Std) ? Number(arm.Mean) : $"{Number(arm.Mean)} ± {Number(arm.Std)}",
                Line($"{arm.Scores.Count}{(arm.Scores.Count < summary.Runs ? Line($" of {summary.Runs}") : "")}{(arm.Diverged > 0 ? Line($", {arm.Diverged} diverged") : "")}"),
                string.Join(", ", arm.Scores.Values.Select(Number)),
            ]);
        }

        text.Append("\n## Against scratch\n\nPairs share their seed. ").Append(summary.Task == FineTunedModel.Segment
            ? "The 95 % interval is a bootstrap that draws seeds and test subjects anew, 10,000 times. p: Wilcoxon's signed-rank test over test subjects, each with its mean over runs"
            : "The 95 % interval is Student's over pairs: it holds for these test cases, and does not know how others would turn out. p: Wilcoxon's signed-rank test over pairs");
        text.Append(", two-sided, corrected after Holm.\n\n");
        Row(text, ["start", "difference", "95 % interval", "ahead in", "p", ""]);
        Row(text, ["---", "---", "---", "---", "---", "---"]);
        foreach (var d in summary.Differences)
        {
            Row(text,
            [
                d.Name, Signed(d.Mean), double.IsNaN(d.Low) ? "–" : $"[{Signed(d.Low)}, {Signed(d.High)}]", Line($"{d.Ahead} of {d.Pairs} pairs"),
                double.IsNaN(d.P) ? "–" : (d.P < 0.001 ? "< 0.001" : d.P.ToString("0.000", CultureInfo.InvariantCulture)) + Line($", {d.Tested} {(d.ByPairs ? "pairs" : "subjects")}"), d.Verdict,
            ]);
        }

        return text.ToString();
    }

    /// <summary>A line a run.</summary>
    internal static string Csv(ComparisonSummary summary)
    {
        var lines = new List<string> { "task,score,start,seed,value" };
        foreach (var arm in summary.Arms)
            lines.AddRange(arm.Scores.Select(s => string.Create(CultureInfo.InvariantCulture, $"{summary.Task},{summary.Score},{arm.Name},{s.Key},{s.Value:R}")));
        return string.Join('\n', lines) + "\n";
    }

    /// <summary>The lines that the report of a comparison of segmenters is made from, all of them anew.</summary>
    internal static void WriteMetrics(string folder, ComparisonPlan plan, CellRunner runner)
    {
        using var log = MetricsLog.Open(Path.Combine(folder, "metrics.jsonl"));
        string[] classes = [.. plan.Cells.Select(runner.Result).OfType<CellResult>().SelectMany(r => r.Numbers.Keys).Where(k => k.StartsWith("dice_class_", StringComparison.Ordinal)).Distinct()];
        foreach (var arm in plan.Arms)
        {
            for (var run = 0; run < plan.Runs; run++)
            {
                if (runner.Result(plan.Of(arm, run)) is not { } result)
                    continue;
                var line = new MetricsLine("comparison").Add("arm", arm.Name).Add("seed", plan.SeedOf(run)).Add("cases", result.Cases.Count);
                if (result.Numbers[FineTunedScores.Diverged] > 0)
                {
                    // As in the means of compare.md.
                    foreach (var key in (IEnumerable<string>)["dice", "iou", .. classes])
                        line.Add(key, 0.0);
                    line.Add("diverged", true);
                }

                foreach (var (key, value) in result.Numbers.Where(n => (n.Key is "dice" or "iou" || n.Key.StartsWith("dice_class_", StringComparison.Ordinal)) && !double.IsNaN(n.Value)))
                    line.Add(key, value);
                log.Write(line);
            }
        }

        foreach (var difference in new ComparisonSummaries(plan, runner).Now().Differences)
            log.Write(new MetricsLine("comparison").Add("arm", difference.Name).Add("summary", true).Add("verdict", difference.Verdict));
    }

    private static void Row(StringBuilder text, string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Number(double value) => (100 * value).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Signed(double value) => double.IsNaN(value) ? "–" : (100 * value).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}
