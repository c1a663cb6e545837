using Conjoint.Tasks.Metrics;
using Conjoint.Training.Monitoring;

namespace Conjoint.Reporting;

/// <summary>The scores of a classifier on the test cases: figures, ROC curve, and a table of the cases.</summary>
internal static class ClassificationSection
{
    private const string Probability = "probability_class_";
    private const int MostRows = 1000; // candidates of scans are a hundred thousand

    /// <summary>Whether the test cases were classified.</summary>
    public static bool Fits(RunMetrics metrics) => metrics.TestCases.Any(line => line.Has("truth"));

    /// <summary>The page's first sentence; null before the test's end.</summary>
    public static Markup? Lead(MetricsLine? test) => test?.Number("auc") is { } auc
        ? Markup.Of($"Area under the ROC curve on {test.Integer("cases") ?? 0} test cases: {Figures.Score(auc)}{Interval(test)}, accuracy: {Figures.Score(test.Number("accuracy"))}.")
        : null;

    /// <summary>Figures, curve and table.</summary>
    public static Markup Content(RunMetrics metrics, IReadOnlyDictionary<int, string> classNames)
    {
        MetricsLine[] cases = [.. metrics.TestCases.Where(line => line.Has("truth"))];
        int[] classes = [.. cases.SelectMany(ClassesOf).Distinct().Order()];
        var positive = (int?)metrics.TestSummary?.Integer("positive");
        return Markup.Join([Figure(cases, classes, positive, classNames), Summary(metrics.TestSummary, classNames), Cases(cases, classes, classNames)]);
    }

    /// <summary>The curve of the positive class of two, or of every class against the rest.</summary>
    private static Markup Figure(MetricsLine[] cases, int[] classes, int? positive, IReadOnlyDictionary<int, string> classNames)
    {
        var shown = classes.Length == 2 ? [positive ?? classes[1]] : classes;
        var plot = new Plot("1 − specificity", "sensitivity").RangeX(0, 1).RangeY(0, 1).Diagonal();
        var told = new List<string>();
        foreach (var k in shown)
        {
            var truths = cases.Select(line => line.Integer("truth") == k).ToArray();
            var scores = cases.Select(line => line.Number(Probability + k) ?? double.NaN).ToArray();
            if (!truths.Contains(true) || !truths.Contains(false) || scores.Any(double.IsNaN))
                continue;
            var curve = new Curve("roc", [.. RocCurve.Of(scores, truths).Points.Select(p => (1 - p.Specificity, p.Sensitivity))]);
            plot.Line(curve, Plot.Palette[told.Count % Plot.Palette.Count], legend: shown.Length > 1 ? Name(k, classNames) : null);
            told.Add($"{Name(k, classNames)} {Figures.Score(RocCurve.Auc(scores, truths))}");
        }

        return told.Count == 0 ? Markup.Empty : Page.Figure(
            plot.ToSvg($"ROC curve of {cases.Length} test cases. Area under the curve: {string.Join(", ", told)}.", 520, 440),
            Markup.Of($"<b>ROC curve.</b> Each point is a threshold: how many of the cases of {(shown.Length == 1 ? $"class {Name(shown[0], classNames)}" : "a class")} are found (sensitivity), and how many of the others are taken for it (1 − specificity). The dashed line is guessing; a good curve goes up steeply at the left."));
    }

    private static Markup Summary(MetricsLine? summary, IReadOnlyDictionary<int, string> classNames) => summary is null ? Markup.Empty : Page.Table(
        Markup.Of($"All test cases, which the network never saw while learning. Area under the ROC curve: 0.5 is guessing, 1 is perfect{(summary.Has("auc_low") ? "; its ends are DeLong's 95 % interval" : "")}."),
        ["Score", "Value"],
        ScoreSection.Keys([summary]).Where(key => key != "positive" && !key.StartsWith("cases", StringComparison.Ordinal))
            .Select(key => Markup.Of($"""<tr><th scope="row">{StageNames.Metric(key, classNames)}</th>{Figures.Cell(summary.Number(key), Figures.Score)}</tr>""")));

    private static Markup Cases(MetricsLine[] cases, int[] classes, IReadOnlyDictionary<int, string> classNames) => cases.Length == 0 ? Markup.Empty : Page.Table(
        Markup.Of($"The test cases one by one, with the probability of each class.{(cases.Length > MostRows ? $" These are the first {MostRows} of {cases.Length}; metrics.jsonl has all." : "")}"),
        ["Case", "True class", "Predicted class", .. classes.Select(k => Name(k, classNames))],
        cases.Take(MostRows).Select(line => Markup.Of($"""
            <tr data-case="{line.Text("case")!}"><th scope="row">{line.Text("case")!}</th><td class="num">{Name((int?)line.Integer("truth"), classNames)}</td><td class="num">{Name((int?)line.Integer("predicted"), classNames)}</td>{classes.Select(k => Figures.Cell(line.Number(Probability + k), Figures.Score))}</tr>
            """)));

    private static IEnumerable<int> ClassesOf(MetricsLine line) => line.Values
        .Where(value => value.Key.StartsWith(Probability, StringComparison.Ordinal) && int.TryParse(value.Key.AsSpan(Probability.Length), out _))
        .Select(value => int.Parse(value.Key.AsSpan(Probability.Length), System.Globalization.CultureInfo.InvariantCulture));

    private static string Name(int? k, IReadOnlyDictionary<int, string> classNames) =>
        k is null ? "–" : classNames.TryGetValue(k.Value, out var name) ? name : $"class {k}";

    private static string Interval(MetricsLine test) => test.Number("auc_low") is { } low && test.Number("auc_high") is { } high
        ? $" (95 % interval {Figures.Score(low)} to {Figures.Score(high)})"
        : "";
}
