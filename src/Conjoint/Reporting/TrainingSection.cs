namespace Conjoint.Reporting;

/// <summary>The curves of one stage, and a table of all stages.</summary>
internal static class TrainingSection
{
    private const int MostPoints = 500;

    /// <summary>One row a stage: how long it was, where the loss began and ended, how fast it went.</summary>
    public static Markup Summary(RunMetrics metrics) => metrics.Stages.Count == 0 ? Markup.Empty : Page.Table(
        Markup.Of($"The stages at a glance. First and last loss are those of single steps; speed and waiting are means over all steps."),
        ["Stage", "Steps", "First loss", "Last loss", "ln K", "Samples/s", "Waiting for data"],
        metrics.Stages.Select(stage =>
        {
            var steps = metrics.Steps(stage).ToArray();
            return Markup.Of($"""
                <tr><th scope="row">{StageNames.Title(stage)}</th><td class="num">{steps.Length}</td>{Figures.Cell(steps[0].Number("loss"), Figures.Score)}{Figures.Cell(steps[^1].Number("loss"), Figures.Score)}{Figures.Cell(metrics.Last(stage, "ln_k"), Figures.Score)}{Figures.Cell(Mean(metrics.OverSteps(stage, "samples_per_second")), Figures.Reading)}{Figures.Cell(Mean(metrics.OverSteps(stage, "data_wait_fraction")), Figures.Percent)}</tr>
                """);
        }));

    /// <summary>The curves of one stage.</summary>
    public static Markup Stage(RunMetrics metrics, string stage) => Markup.Of($"""
        <p>{StageNames.Explanation(stage)}</p>
        {Loss(metrics, stage)}
        {Monitors(metrics, stage)}
        {Machinery(metrics, stage)}
        """);

    private static Markup Loss(RunMetrics metrics, string stage)
    {
        var all = metrics.OverSteps(stage, "loss");
        if (all.Points.Count == 0)
            return Markup.Of($"""<div class="note warn"><strong>No step had a finite loss.</strong> There is no curve to show.</div>""");

        var raw = all.Thinned(MostPoints);
        var reach = Math.Max(1, raw.Points.Count / 30);
        var plot = new Plot("step", "loss").Line(raw, Plot.Palette[0], 1, 130);
        if (raw.Points.Count > 8)
            plot.Line(raw.Smoothed(reach), Plot.Palette[0], 2.4);
        var chance = metrics.Last(stage, "ln_k");
        if (chance is { } value && double.IsFinite(value))
            plot.Level(value, "ln K");
        var alt = $"{StageNames.Title(stage)}. Loss over {all.Points.Count} steps: from {Figures.Score(all.Points[0].Y)} to {Figures.Score(all.Points[^1].Y)}.";
        return Page.Figure(
            plot.ToSvg(alt, 1000, 320),
            Markup.Of($"<b>Loss.</b> Thin: as measured{(raw == all ? "" : ", means of neighbouring steps")}. Thick: smoothed. {StageNames.HealthyLoss(stage)}"));
    }

    private static Markup Monitors(RunMetrics metrics, string stage)
    {
        var figures = new[]
        {
            Small(stage, metrics.OverEpochs(stage, "embedding_std"), "epoch", 2, Training.Monitoring.Alarms.EmbeddingStd,
                "Spread of the embeddings.", "1 means spread evenly over all directions; near 0 all samples look the same to the network."),
            Small(stage, metrics.OverEpochs(stage, "prototype_usage_entropy"), "epoch", 2, Training.Monitoring.Alarms.PrototypeUsage,
                "Use of the prototypes.", "1 means that all are used equally; low values that few do all the work.", top: 1),
            Small(stage, metrics.OverEpochs(stage, "effective_rank"), "epoch", 2, Training.Monitoring.Alarms.EffectiveRank,
                "Effective rank.", "In how many directions the embeddings differ. It should stay well above the dashed line, and usually grows."),
        };
        return Grid(figures);
    }

    private static Markup Machinery(RunMetrics metrics, string stage)
    {
        var figures = new[]
        {
            Small(stage, metrics.OverSteps(stage, "lr").Thinned(MostPoints), "step", 4, null,
                "Learning rate.", "How far each step goes: a warm-up, then a slow decline."),
            Small(stage, metrics.OverSteps(stage, "samples_per_second").Thinned(MostPoints), "step", 5, null,
                "Samples per second.", "A level line is good; dips mean that something else used the machine."),
            Small(stage, metrics.OverSteps(stage, "data_wait_fraction").Thinned(MostPoints), "step", 5, Training.Monitoring.Alarms.DataWait,
                "Share of time spent waiting for data.", "Below the dashed line on average, the data keep up with the training."),
        };
        return Grid(figures);
    }

    private static Markup Grid(IEnumerable<Markup> figures)
    {
        var shown = figures.Where(figure => figure != Markup.Empty).ToArray();
        return shown.Length == 0 ? Markup.Empty : Markup.Of($"""<div class="plots">{shown}</div>""");
    }

    private static Markup Small(string stage, Curve curve, string axis, int colour, double? alarm, string name, string meaning, double? top = null)
    {
        if (curve.Points.Count == 0)
            return Markup.Empty;
        // Epochs are counted from 0 in the metrics and from 1 for people.
        var shown = axis == "epoch" ? curve with { Points = [.. curve.Points.Select(point => (point.X + 1, point.Y))] } : curve;
        var plot = new Plot(axis, "").Line(shown, Plot.Palette[colour]).ReachY(0);
        if (alarm is { } level)
            plot.Level(level, "alarm", warning: true);
        if (top is { } upper)
            plot.ReachY(upper);
        var alt = $"{StageNames.Title(stage)}. {name} From {Figures.Reading(curve.Points[0].Y)} to {Figures.Reading(curve.Points[^1].Y)}.";
        return Page.Figure(plot.ToSvg(alt, 340, 210), Markup.Of($"<b>{name}</b> {meaning}"));
    }

    private static double? Mean(Curve curve) => curve.Points.Count == 0 ? null : curve.Points.Average(point => point.Y);
}
