using Conjoint.Training.ReportData;

namespace Conjoint.Reporting;

/// <summary>The parts of a comparison's report that set the arms side by side.</summary>
internal static class ComparisonSections
{
    private static readonly string[] Main = ["dice", "iou"];

    public static Markup Result(Comparison comparison, IReadOnlyDictionary<int, string> classNames) => Markup.Of($"""
        {comparison.Arms.Where(arm => arm != Comparison.Baseline).Select(arm => Statement(comparison, arm))}
        {Arms(comparison, classNames)}
        <div class="plots two">{Seeds(comparison)}{Cases(comparison)}</div>
        """);

    /// <summary>Curves of all fine-tuning runs, by arm.</summary>
    public static Markup Curves(Comparison comparison)
    {
        var figures = new[]
        {
            Runs(comparison, "epoch", "Dice on the validation cases", run => OverEpochs(run.Metrics),
                "Dice on the validation cases.", "One line a seed. Healthy curves rise and level off; the arm whose lines lie higher learned more from the same cases."),
            Runs(comparison, "step", "loss", run => run.Metrics.OverSteps("finetune", "loss").Thinned(400).Smoothed(5),
                "Training loss, smoothed.", "One line a seed. A lower training loss alone proves nothing: only the test cases tell which arm is better."),
        }.Where(figure => figure != Markup.Empty).ToArray();
        return figures.Length == 0 ? Markup.Empty : Markup.Of($"""<div class="plots two">{figures}</div>""");
    }

    /// <summary>Test scores by case: each arm's mean over the seeds, and the difference.</summary>
    public static Markup CaseTable(Comparison comparison, string arm)
    {
        var dice = comparison.ByCase(arm, "dice");
        var iou = comparison.ByCase(arm, "iou").ToDictionary(pair => pair.Case);
        if (dice.Count == 0)
            return Markup.Empty;
        var (ours, theirs) = (StageNames.Arm(arm), StageNames.Arm(Comparison.Baseline));
        return Page.Table(
            Markup.Of($"Each test case: mean over the seeds, and the paired difference {ours.ToLowerInvariant()} minus {theirs.ToLowerInvariant()}. The last row is the mean over the cases."),
            ["Case", $"Dice, {ours}", $"Dice, {theirs}", "Difference", $"IoU, {ours}", $"IoU, {theirs}", "Difference"],
            [
                .. dice.Select(pair => Row(pair.Case, pair, iou.TryGetValue(pair.Case, out var overlap) ? overlap : null, "")),
                Row("Mean", Mean([.. dice]), iou.Count > 0 ? Mean([.. iou.Values]) : null, "mean"),
            ]);
    }

    /// <summary>Masks of each arm's first seed.</summary>
    public static Markup Overlays(Comparison comparison, IReadOnlyDictionary<int, string> classNames)
    {
        var arms = comparison.Arms
            .Select(arm => (Arm: arm, Run: comparison.Runs.Where(run => run.Arm == arm).MinBy(run => run.Seed)))
            .Where(pair => pair.Run is not null)
            .Select(pair => (pair.Arm, pair.Run!.Seed, Pictures: ReportFiles.ReadOverlays(pair.Run.Folder)))
            .Where(row => row.Pictures is { Pictures.Count: > 0 })
            .ToArray();
        return arms.Length == 0 ? Markup.Empty : Markup.Of($"""
            <p>The network's answer is the tinted area, the truth is the outline of the same colour. Where the tint fills its outline, the two agree.</p>
            {PictureSections.Legend(classNames)}
            {arms.Select(row => Markup.Of($"<h3>{StageNames.Arm(row.Arm)}, seed {row.Seed}</h3>{PictureSections.Gallery(row.Pictures!)}"))}
            """);
    }

    private static Markup Statement(Comparison comparison, string arm)
    {
        var (text, better) = Verdict.Of(comparison, arm);
        return Markup.Of($"""<div class="note verdict {(better ? "" : "plain")}">{text}</div>""");
    }

    private static Markup Arms(Comparison comparison, IReadOnlyDictionary<int, string> classNames)
    {
        var keys = comparison.Keys;
        return Page.Table(
            Markup.Of($"Scores on the test cases, which no fine-tuning saw: mean over the seeds ± standard deviation (n − 1). Higher is better for Dice and IoU."),
            ["Starting weights", "Seeds", .. keys.Select(key => StageNames.Metric(key, classNames))],
            [
                .. comparison.Arms.Select(arm => Markup.Of($"""
                    <tr data-arm="{arm}"><th scope="row">{StageNames.Arm(arm)}</th><td class="num">{comparison.BySeed(arm, keys[0]).Count}</td>{keys.Select(key => Score(comparison, arm, key))}</tr>
                    """)),
                .. comparison.Arms.Where(arm => arm != Comparison.Baseline).Select(arm => Markup.Of($"""
                    <tr class="mean" data-difference="{arm}"><th scope="row">{(comparison.Arms.Count > 2 ? StageNames.Arm(arm) + " − scratch" : "Difference, paired by seed")}</th><td class="num">{comparison.Differences(arm, keys[0]).Count}</td>{keys.Select(key => Gap(comparison, arm, key))}</tr>
                    """)),
            ]);
    }

    private static Markup Score(Comparison comparison, string arm, string key)
    {
        var (mean, std) = comparison.OverSeeds(arm, key);
        return Figures.MeanCell(mean, std);
    }

    private static Markup Gap(Comparison comparison, string arm, string key)
    {
        var differences = comparison.Differences(arm, key);
        return differences.Count == 0 ? Figures.MeanCell(null, null)
            : Figures.DifferenceCell(differences.Average(), Spread.Std(differences));
    }

    private static Markup Seeds(Comparison comparison)
    {
        var plot = new Plot("", "test Dice").NamesX([.. comparison.Arms.Select(StageNames.Arm)]).RangeY(0, 1);
        for (var i = 0; i < comparison.Arms.Count; i++)
        {
            var values = comparison.BySeed(comparison.Arms[i], "dice");
            var colour = Plot.Palette[i % Plot.Palette.Count];
            if (values.Count == 0)
                continue;
            plot.Line(new Curve("mean", [(i - 0.2, values.Values.Average()), (i + 0.2, values.Values.Average())]), colour, 3)
                .Points(values.OrderBy(pair => pair.Key).Select((pair, k) => (i + ((k - ((values.Count - 1) / 2.0)) * 0.08), pair.Value)), colour, 5);
        }

        return Page.Figure(
            plot.ToSvg("Test Dice of each seed, by starting weights.", 480, 320),
            Markup.Of($"<b>Every seed.</b> A point is the mean Dice of one fine-tuning run on the test cases; the bar is their mean. If the two clouds overlap, the difference may be luck."));
    }

    private static Markup Cases(Comparison comparison)
    {
        var plot = new Plot("Dice from scratch", "Dice pre-trained").RangeX(0, 1).RangeY(0, 1).Diagonal();
        var (above, all) = (0, 0);
        foreach (var (arm, i) in comparison.Arms.Where(arm => arm != Comparison.Baseline).Select((arm, i) => (arm, i)))
        {
            var pairs = comparison.ByCase(arm, "dice");
            plot.Points(pairs.Select(pair => (pair.Baseline, pair.Arm)), Plot.Palette[i % Plot.Palette.Count], 5,
                legend: comparison.Arms.Count > 2 ? StageNames.Arm(arm) : null);
            (above, all) = (above + pairs.Count(pair => pair.Arm > pair.Baseline), all + pairs.Count);
        }

        return all == 0 ? Markup.Empty : Page.Figure(
            plot.ToSvg($"Dice of each test case, pre-trained against scratch: {above} of {all} points lie above the diagonal.", 480, 320),
            Markup.Of($"<b>Every test case</b>, mean over the seeds. Above the dashed line, the pre-trained network did better on this case; below it, the one from scratch."));
    }

    private static Markup Runs(Comparison comparison, string x, string y, Func<Comparison.Run, Curve> curve, string name, string meaning)
    {
        var plot = new Plot(x, y);
        var drawn = 0;
        for (var i = 0; i < comparison.Arms.Count; i++)
        {
            var first = true;
            foreach (var points in comparison.Runs.Where(run => run.Arm == comparison.Arms[i]).Select(curve).Where(points => points.Points.Count > 0))
            {
                plot.Line(points, Plot.Palette[i % Plot.Palette.Count], 1.6, 200, first ? StageNames.Arm(comparison.Arms[i]) : null);
                (first, drawn) = (false, drawn + 1);
            }
        }

        return drawn == 0 ? Markup.Empty
            : Page.Figure(plot.ToSvg($"{name} {drawn} runs.", 480, 320), Markup.Of($"<b>{name}</b> {meaning}"));
    }

    private static Curve OverEpochs(RunMetrics metrics)
    {
        var curve = metrics.OverEpochs("finetune", Main[0], "val");
        return curve with { Points = [.. curve.Points.Select(point => (point.X + 1, point.Y))] };
    }

    private static (string Case, double Arm, double Baseline) Mean(IReadOnlyList<(string Case, double Arm, double Baseline)> pairs) =>
        ("Mean", pairs.Average(pair => pair.Arm), pairs.Average(pair => pair.Baseline));

    private static Markup Row(
        string name, (string Case, double Arm, double Baseline) dice, (string Case, double Arm, double Baseline)? iou, string style) => Markup.Of($"""
        <tr class="{style}" data-case="{name}"><th scope="row">{name}</th>{Cells(dice)}{Cells(iou)}</tr>
        """);

    private static Markup Cells((string Case, double Arm, double Baseline)? pair) => Markup.Of(
        $"{Figures.Cell(pair?.Arm, Figures.Score)}{Figures.Cell(pair?.Baseline, Figures.Score)}{Figures.Cell(pair?.Arm - pair?.Baseline, value => Figures.Difference(value!.Value))}");
}
