using Conjoint.Tasks.Detection;
using Conjoint.Tasks.Metrics;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.ReportData;

namespace Conjoint.Reporting;

/// <summary>The scores of a detector on the test images, and some of the images with their boxes.</summary>
internal static class DetectionSection
{
    /// <summary>Whether boxes were looked for on the test images.</summary>
    public static bool Fits(RunMetrics metrics) => metrics.TestCases.Any(line => line.Has("detections"));

    /// <summary>The page's first sentence; null before the test's end.</summary>
    public static Markup? Lead(MetricsLine? test) => test?.Number("ap50") is { } ap
        ? Markup.Of($"Average precision at IoU 0.5 on {test.Integer("cases") ?? 0} test images with {test.Integer("boxes") ?? 0} boxes: {Figures.Score(ap)}, COCO AP: {Figures.Score(test.Number("coco_ap"))}.")
        : null;

    /// <summary>Figures and table.</summary>
    public static Markup Content(RunFolder folder, RunMetrics metrics, IReadOnlyDictionary<int, string> classNames) => Markup.Join(
    [
        DetectionCurveFigures.Of(ReportFiles.ReadDetectionCurves(folder), metrics.TestSummary, classNames),
        Summary(metrics.TestSummary, classNames), Froc(metrics.TestSummary, classNames), Cases(metrics),
    ]);

    /// <summary>Test images with their boxes.</summary>
    public static Markup Pictures(RunFolder folder, IReadOnlyDictionary<int, string> classNames) => ReportFiles.ReadOverlays(folder) is not { Pictures.Count: > 0 } overlays ? Markup.Empty : Markup.Of($"""
        <p>Boxes that are there are dashed, those that were found with a probability of at least 0.3 are solid.</p>
        {PictureSections.Legend(classNames.ToDictionary(c => c.Key + 1, c => c.Value))}
        {PictureSections.Gallery(overlays)}
        """);

    private static Markup Summary(MetricsLine? summary, IReadOnlyDictionary<int, string> classNames) => summary is null ? Markup.Empty : Page.Table(
        Markup.Of($"All test images, which the network never saw while learning. AP50: average precision where a box counts as found at an IoU of 0.5, all points; COCO AP: mean over IoU thresholds from 0.5 to 0.95. Both from 0 to 1."),
        ["Score", "Value"],
        ScoreSection.Keys([summary]).Where(key => key.StartsWith("ap50", StringComparison.Ordinal) || key.StartsWith("coco_ap", StringComparison.Ordinal))
            .Select(key => Markup.Of($"""<tr><th scope="row">{StageNames.Metric(key, classNames)}</th>{Figures.Cell(summary.Number(key), Figures.Score)}</tr>""")));

    private static Markup Froc(MetricsLine? summary, IReadOnlyDictionary<int, string> classNames)
    {
        if (summary?.Number("cpm") is null)
            return Markup.Empty;
        string[] keys = [.. FrocCurve.OperatingPoints.Select(DetectionLines.SensitivityKey), "cpm"];
        int[] classes = [.. classNames.Keys.Order().Where(k => summary.Has($"cpm_class_{k}"))];
        return Page.Table(
            Markup.Of($"Share of the boxes that are found at each number of false positives an image, at IoU 0.5. CPM: the mean of the seven, as LUNA16's score."),
            ["Class", .. FrocCurve.OperatingPoints.Select(DetectionCurveFigures.Rate), "CPM"],
            classes.Select(k => (classNames[k], $"_class_{k}")).Append(("Mean of the classes", "")).Select(row => Markup.Of($"""
                <tr data-froc="{row.Item1}"><th scope="row">{row.Item1}</th>{keys.Select(key => Figures.Cell(summary.Number(key + row.Item2), Figures.Score))}</tr>
                """)));
    }

    private static Markup Cases(RunMetrics metrics) => Page.Table(
        Markup.Of($"The test images one by one."), ["Image", "Boxes there", "Boxes found"],
        metrics.TestCases.Where(line => line.Has("detections")).Select(line => Markup.Of($"""
            <tr data-case="{line.Text("case")!}"><th scope="row">{line.Text("case")!}</th><td class="num">{line.Integer("boxes") ?? 0}</td><td class="num">{line.Integer("detections") ?? 0}</td></tr>
            """)));
}
