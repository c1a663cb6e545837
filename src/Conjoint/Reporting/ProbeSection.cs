using Conjoint.Tasks.Probing;
using Conjoint.Training.Monitoring;

namespace Conjoint.Reporting;

/// <summary>What probes of frozen weights tell, beside the same probes of what learned nothing.</summary>
internal static class ProbeSection
{
    private const double Beside = 0.12; // between the two probes of one kind of features

    /// <summary>Whether weights were probed.</summary>
    public static bool Fits(RunMetrics metrics) => Summaries(metrics).Any();

    /// <summary>The page's first sentence; null where nothing was probed.</summary>
    public static Markup? Lead(RunMetrics metrics) => Summaries(metrics).FirstOrDefault(line => line.Text("probe") == ProbeScore.Linear) is not { } first ? null
        : Markup.Of($"Linear probe on {first.Integer("cases") ?? 0} cases of the split {first.Text("split")}: {Measure(first)} {Figures.Score(first.Number(Key(first)))} from {Name(first.Text("features"))}{Untrained(metrics, first)}.");

    /// <summary>Figure and table.</summary>
    public static Markup Content(RunMetrics metrics)
    {
        MetricsLine[] lines = [.. Summaries(metrics)];
        return Markup.Join([Figure(lines), lines.Any(line => line.Has("auc")) ? Classes(lines) : Numbers(lines)]);
    }

    private static IEnumerable<MetricsLine> Summaries(RunMetrics metrics) => metrics.Lines.Where(line => line.Stage == ProbeLines.Stage && line.Flag("summary"));

    private static string Key(MetricsLine line) => line.Has("auc") ? "auc" : "r2";

    private static string Measure(MetricsLine line) => line.Has("auc") ? "area under the ROC curve" : "R²";

    private static string Untrained(RunMetrics metrics, MetricsLine first) =>
        Summaries(metrics).FirstOrDefault(line => line.Text("probe") == ProbeScore.Linear && line.Text("features") == "untrained_" + first.Text("features")) is { } untrained
            ? $", {Figures.Score(untrained.Number(Key(untrained)))} from an untrained encoder" : "";

    private static Markup Figure(MetricsLine[] lines)
    {
        string[] features = [.. lines.Select(line => line.Text("features")!).Distinct()];
        var (key, measure) = (Key(lines[0]), Measure(lines[0]));
        var plot = new Plot("", measure).NamesX([.. features.Select(Name)]);
        if (key == "auc")
            plot.RangeY(0, 1).Level(0.5, "guessing");
        else
            plot.Level(0, "the mean");
        foreach (var (i, probe) in new[] { ProbeScore.Linear, ProbeScore.Knn }.Index())
        {
            MetricsLine[] own = [.. lines.Where(line => line.Text("probe") == probe && line.Has(key))];
            double X(MetricsLine line) => Array.IndexOf(features, line.Text("features")) + (2 * i - 1) * Beside;
            foreach (var line in own.Where(line => line.Has("auc_low")))
                plot.Line(new Curve("interval", [(X(line), line.Number("auc_low")!.Value), (X(line), line.Number("auc_high")!.Value)]), Plot.Palette[i], opacity: 140);
            plot.Points(own.Select(line => (X(line), line.Number(key)!.Value)), Plot.Palette[i], legend: ProbeName(probe));
        }

        return Page.Figure(
            plot.ToSvg($"{measure} of the probes on {lines[0].Integer("cases")} cases: {string.Join(", ", lines.Select(line => $"{Name(line.Text("features"))} {ProbeName(line.Text("probe"))} {Figures.Score(line.Number(key))}"))}.", 1000, 320),
            Markup.Of($"<b>Probes.</b> Nothing but the probe itself saw a label. Where the weights' features stand no higher than those of the untrained encoder, the pixels and the grey values, the pre-training isn't shown to have learned anything about this question.{(lines.Any(line => line.Has("auc_low")) ? " Bars: DeLong's 95 % intervals." : "")}"));
    }

    private static Markup Classes(MetricsLine[] lines) => Page.Table(
        Markup.Of($"The cases of the split {lines[0].Text("split")}. AUC: {(lines.Any(line => line.Has("auc_low")) ? "of the class that is looked for, with DeLong's 95 % interval. Over untrained: less the AUC of the same probe on the untrained encoder, with the interval of the pairing" : "mean of each class against the rest")}."),
        ["Features", "Probe", "Width", "Strength or k", "AUC", "from", "to", "Over untrained", "from", "to", "Accuracy", "Balanced accuracy"],
        lines.Select(line => Row(line, ["auc", "auc_low", "auc_high", "over_untrained", "over_untrained_low", "over_untrained_high", "accuracy", "balanced_accuracy"])));

    private static Markup Numbers(MetricsLine[] lines) => Page.Table(
        Markup.Of($"The cases of the split {lines[0].Text("split")}. R²: 1 is perfect, 0 is telling their mean every time."),
        ["Features", "Probe", "Width", "Strength or k", "Correlation", "Mean absolute error", "R²"],
        lines.Select(line => Row(line, ["pearson", "mean_absolute_error", "r2"])));

    private static Markup Row(MetricsLine line, string[] keys) => Markup.Of($"""
        <tr data-probe="{line.Text("features")!} {line.Text("probe")!}"><th scope="row">{Name(line.Text("features"))}</th><td class="num">{ProbeName(line.Text("probe"))}</td><td class="num">{line.Integer("width") ?? 0}</td>{Figures.Cell(line.Number("strength") ?? line.Number("neighbours"), Figures.Reading)}{keys.Select(key => Figures.Cell(line.Number(key), Figures.Score))}</tr>
        """);

    private static string ProbeName(string? probe) => probe == ProbeScore.Knn ? "k-NN" : "linear";

    private static string Name(string? features) => (features ?? "").Replace('_', ' ');
}
