using Conjoint.Training.Monitoring;

namespace Conjoint.Reporting;

/// <summary>The scores of a fine-tuned network: validation curves, and the table of test cases.</summary>
internal static class ScoreSection
{
    private static readonly string[] Watched = ["dice", "iou", "auc", "accuracy"];

    private static readonly HashSet<string> NoScore = ["epoch", "step", "cases", "slices", "seed", "seconds"];

    /// <summary>Validation scores over the epochs.</summary>
    public static Markup Validation(RunMetrics metrics)
    {
        var curves = Watched.Select(key => metrics.OverEpochs("finetune", key, "val")).Where(curve => curve.Points.Count > 0).ToArray();
        if (curves.Length == 0)
            return Markup.Empty;
        var plot = new Plot("epoch", "").RangeY(0, 1);
        for (var i = 0; i < curves.Length; i++)
            plot.Line(curves[i] with { Points = [.. curves[i].Points.Select(p => (p.X + 1, p.Y))] }, Plot.Palette[i], legend: StageNames.Metric(curves[i].Name, NoNames));
        return Page.Figure(
            plot.ToSvg($"Validation scores over {curves[0].Points.Count} epochs; {StageNames.Metric(curves[0].Name, NoNames)} ends at {Figures.Score(curves[0].Points[^1].Y)}.", 1000, 280),
            Markup.Of($"<b>Scores on the validation cases.</b> {Meaning(curves[0].Name)} A healthy curve rises and levels off."));
    }

    private static string Meaning(string score) => score == "auc"
        ? "AUC is the area under the ROC curve: 0.5 is guessing, 1 perfect. Accuracy is the share of cases whose likeliest class is the true one."
        : "Dice and IoU measure how well predicted and true masks overlap: 0 not at all, 1 exactly.";

    /// <summary>The table of test cases with the means below.</summary>
    public static Markup Cases(RunMetrics metrics, IReadOnlyDictionary<int, string> classNames)
    {
        var cases = metrics.TestCases;
        var summary = metrics.TestSummary;
        if (cases.Count == 0 && summary is null)
            return Markup.Empty;
        MetricsLine[] lines = summary is null ? [.. cases] : [.. cases, summary];
        var keys = Keys(lines);
        var rows = cases.Select(line => Row(line.Text("case")!, line, keys, ""));
        if (summary is not null)
            rows = rows.Append(Row("Mean", summary, keys, "mean"));
        return Page.Table(
            Markup.Of($"Scores on the test cases, which the network never saw while learning. 1 is perfect, 0 is no overlap; a dash: the class is in neither mask, so it does not count."),
            ["Case", .. keys.Select(key => StageNames.Metric(key, classNames))],
            rows);
    }

    /// <summary>Names of the scores in some lines: Dice and IoU first, then the others as they come.</summary>
    public static IReadOnlyList<string> Keys(IEnumerable<MetricsLine> lines) => [.. lines
        .SelectMany(line => line.Values.Select(value => value.Key).Where(key => line.Number(key) is not null))
        .Where(key => !NoScore.Contains(key))
        .Distinct()
        .OrderBy(key => key is "dice" ? 0 : key is "iou" ? 1 : 2)];

    private static IReadOnlyDictionary<int, string> NoNames { get; } = new Dictionary<int, string>();

    private static Markup Row(string name, MetricsLine line, IReadOnlyList<string> keys, string style) => Markup.Of($"""
        <tr class="{style}" data-case="{name}"><th scope="row">{name}</th>{keys.Select(key => Figures.Cell(line.Number(key), Figures.Score))}</tr>
        """);
}
