using System.Globalization;
using System.Text;
using System.Text.Json;
using Conjoint.Benchmarks.Statistics;
using Conjoint.Runtime;
using Conjoint.Tasks.Metrics;

namespace Conjoint.Benchmarks.Learning;

/// <summary>Writes a summary as <c>learning.md</c> to read, <c>learning.csv</c> to plot and <c>learning.json</c> for programs: the same numbers in each.</summary>
public static class LearningReport
{
    /// <summary>Writes the three files into a folder.</summary>
    /// <param name="folder">The table's folder.</param>
    /// <param name="summary">What to write.</param>
    /// <param name="command">The command line that goes on with the work; null when there was none.</param>
    public static void Write(string folder, LearningSummary summary, string? command)
    {
        AtomicFile.WriteText(Path.Combine(folder, "learning.md"), Markdown(summary, command));
        AtomicFile.WriteText(Path.Combine(folder, "learning.csv"), Csv(summary));
        AtomicFile.WriteText(Path.Combine(folder, "learning.json"), JsonSerializer.Serialize(summary, SummaryJson.Options) + "\n");
    }

    /// <summary>The page.</summary>
    public static string Markdown(LearningSummary summary, string? command)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var settings = summary.Settings;
        var text = new StringBuilder("# Learning protocol: does pre-training help?\n\n");
        text.Append(summary.IsComplete ? Line($"Complete: {summary.Cells} cells.") : Line($"**Incomplete: {summary.Finished} of {summary.Cells} cells.** The numbers are those of the finished ones."));
        text.Append("\n\n");
        if (command is not null)
            text.Append(Line($"```sh\n{command}\n```\n\n"));
        text.Append(Line($"Preset `{settings.Preset}`, {settings.Seeds} seeds, {settings.Draws} draws of labelled subjects, {settings.Steps} steps of {settings.Batch} slices. "));
        text.Append(Line($"Every fine-tuning is scored on the same {summary.TestSubjects} held-out subjects (splits val and test), which neither pre-training nor the choice of a rate has seen.\n\n"));

        text.Append("## What holds\n\n");
        foreach (var difference in summary.Differences)
            text.Append("- ").Append(Claim(difference)).Append('\n');

        Table(text, "Test Dice", $"Mean foreground Dice: mean over subjects, then mean ± sample standard deviation over runs (seeds and draws).",
            ["labelled subjects", "arm", "learning rate", "Dice", "runs"],
            summary.Scores.Select(s => new[] { s.Labels, s.Arm, Rates(s.Rate, s.EncoderRate), Spread(s.Mean, s.Std, s.Runs), Of(s.Runs, s.Planned) + (s.Diverged > 0 ? $", {s.Diverged} diverged" : "") }));

        Table(text, "Paired differences",
            Line($"Runs that share seed and draw, subject by subject; 95 % bootstrap intervals of {settings.Rounds} rounds. *Within*: seeds, within them draws, within them subjects are resampled. ")
                + "*Across*: each of the three is resampled once for all pairs, since all pairs share the subjects and draws; this is the stricter one.",
            ["labelled subjects", "difference", "mean", "within", "across", "verdict", "pairs", "seeds × draws × subjects"],
            summary.Differences.Select(d => new[]
            {
                d.Labels, $"{d.First} − {d.Second}", Number(d.Mean, "+0.000;-0.000;0.000"), new Interval(d.Low, d.High).ToString(), new Interval(d.CrossedLow, d.CrossedHigh).ToString(),
                d.Verdict, Of(d.Pairs, d.Planned), $"{d.Seeds} × {d.Draws} × {d.Subjects}",
            }));

        Table(text, "Learning rates", Line($"Mean Dice on training subjects outside of the draw, {settings.SelectionDraws} draws of {settings.Labels[0]}, {settings.SelectionSubjects} scored subjects; seed 0. The best is the arm's rate throughout."),
            ["arm", "learning rate", "Dice", "draws", ""],
            summary.Rates.Select(r => new[] { r.Arm, Rates(r.Rate, r.EncoderRate), Number(r.Dice, "0.000"), Of(r.Runs, settings.SelectionDraws), r.IsChosen ? "chosen" : "" }));

        Table(text, "Probes", "Ridge regression on frozen features, its strength chosen on the training part; mean ± sample standard deviation over seeds. `r2`: share of the variance of a slice's place that is told; `auc`: area under the ROC curve.",
            ["probe", "features", "score", "value", "runs", "training samples", "test samples"],
            summary.Probes.Select(p => new[] { p.Probe, p.Features, p.Score, Spread(p.Mean, p.Std, p.Runs), Of(p.Runs, p.Planned), Line($"{p.Train}"), Line($"{p.Test}") }));

        Table(text, "Pre-trainings", "Loss: means of the first and the last tenth of the steps. Arms other than `slices` begin with the stage `slices` of their seed.",
            ["arm", "seed", "stage", "steps", "loss", "spread of embeddings", "effective rank", "use of prototypes", "alarms"],
            summary.Stages.Select(s => new[]
            {
                s.Arm, Line($"{s.Seed}"), s.Stage, Line($"{s.Steps}"), $"{Number(s.FirstLoss, "0.000")} → {Number(s.LastLoss, "0.000")}",
                Number(s.EmbeddingStd, "0.00"), Number(s.EffectiveRank, "0.0"), Number(s.PrototypeUsage, "0.00"), Line($"{s.Alarms}"),
            }));
        return text.ToString();
    }

    /// <summary>A comparison in a sentence.</summary>
    internal static string Claim(ArmDifference d)
    {
        var what = $"`{d.First}` − `{d.Second}` at {d.Labels} labelled subject{(d.Labels == "1" ? "" : "s")}";
        if (d.Pairs == 0)
            return $"{what}: nothing to say yet.";
        var numbers = $"{Number(d.Mean, "+0.000;-0.000;0.000")} {new Interval(d.Low, d.High)}" + (d.Pairs < d.Planned ? Line($", so far {d.Pairs} of {d.Planned} pairs") : "");
        var across = new Interval(d.CrossedLow, d.CrossedHigh);
        if (d.Low > 0)
            return $"{what}: **holds**, {numbers}" + (d.CrossedLow > 0 ? "." : $"; with all levels across, {across}, it can't be told from 0.");
        if (d.High < 0)
            return $"{what}: **does not hold; `{d.Second}` is better**, {numbers}" + (d.CrossedHigh < 0 ? "." : $"; with all levels across, {across}, it can't be told from 0.");
        return $"{what}: **not shown**, {numbers}: the interval holds 0.";
    }

    /// <summary>The tables as one: <c>table</c>, what it is of, and the numbers; empty where there is none.</summary>
    internal static string Csv(LearningSummary summary)
    {
        var lines = new List<string> { "table,name,labels,mean,std,low,high,crossed_low,crossed_high,runs,planned" };
        void Add(string table, string name, string labels, double mean, double std, Interval within, Interval across, int runs, int planned) =>
            lines.Add(string.Join(',', table, name, labels, Plain(mean), Plain(std), Plain(within.Low), Plain(within.High), Plain(across.Low), Plain(across.High), Line($"{runs}"), Line($"{planned}")));
        var none = new Interval(double.NaN, double.NaN);
        foreach (var s in summary.Scores)
            Add("dice", s.Arm, s.Labels, s.Mean, s.Std, none, none, s.Runs, s.Planned);
        foreach (var d in summary.Differences)
            Add("difference", $"{d.First} - {d.Second}", d.Labels, d.Mean, double.NaN, new Interval(d.Low, d.High), new Interval(d.CrossedLow, d.CrossedHigh), d.Pairs, d.Planned);
        foreach (var r in summary.Rates)
            Add(r.IsChosen ? "chosen rate" : "rate", $"{r.Arm} {new FineTuneRates(r.Rate, r.EncoderRate)}", summary.Settings.Labels[0], r.Dice, double.NaN, none, none, r.Runs, summary.Settings.SelectionDraws);
        foreach (var p in summary.Probes)
            Add(p.Score, $"{p.Probe} {p.Features}", "", p.Mean, p.Std, none, none, p.Runs, p.Planned);
        foreach (var s in summary.Stages)
        {
            Add("first loss", Line($"{s.Arm} {s.Stage} seed {s.Seed}"), "", s.FirstLoss, double.NaN, none, none, 1, 1);
            Add("last loss", Line($"{s.Arm} {s.Stage} seed {s.Seed}"), "", s.LastLoss, double.NaN, none, none, 1, 1);
        }

        return string.Join('\n', lines) + "\n";
    }

    private static void Table(StringBuilder text, string title, string note, string[] head, IEnumerable<string[]> rows)
    {
        text.Append(Line($"\n## {title}\n\n{note}\n\n| {string.Join(" | ", head)} |\n|{string.Concat(head.Select(_ => "---|"))}\n"));
        foreach (var row in rows)
            text.Append(Line($"| {string.Join(" | ", row)} |\n"));
    }

    private static string Line(FormattableString text) => FormattableString.Invariant(text);

    private static string Of(int runs, int planned) => runs == planned ? Line($"{runs}") : Line($"{runs} of {planned}");

    private static string Spread(double mean, double std, int runs) => runs == 0 ? "–" : new MeanStd(mean, std, runs).ToString();

    private static string Rates(double rate, double encoder) => double.IsNaN(rate) ? "–" : new FineTuneRates(rate, encoder).ToString();

    private static string Number(double value, string format) => double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);

    private static string Plain(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
