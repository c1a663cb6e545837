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
    public static Markup Content(RunMetrics metrics, IReadOnlyDictionary<int, string> classNames) => Markup.Join([Summary(metrics.TestSummary, classNames), Cases(metrics)]);

    /// <summary>Test images with their boxes.</summary>
    public static Markup Pictures(RunFolder folder, IReadOnlyDictionary<int, string> classNames) => ReportFiles.ReadOverlays(folder) is not { Pictures.Count: > 0 } overlays ? Markup.Empty : Markup.Of($"""
        <p>Boxes that are there are dashed, those that were found with a probability of at least 0.3 are solid.</p>
        {PictureSections.Legend(classNames.ToDictionary(c => c.Key + 1, c => c.Value))}
        {PictureSections.Gallery(overlays)}
        """);

    private static Markup Summary(MetricsLine? summary, IReadOnlyDictionary<int, string> classNames) => summary is null ? Markup.Empty : Page.Table(
        Markup.Of($"All test images, which the network never saw while learning. AP50: average precision where a box counts as found at an IoU of 0.5, all points; COCO AP: mean over IoU thresholds from 0.5 to 0.95. Both from 0 to 1."),
        ["Score", "Value"],
        ScoreSection.Keys([summary]).Where(key => key.Contains("ap", StringComparison.Ordinal))
            .Select(key => Markup.Of($"""<tr><th scope="row">{StageNames.Metric(key, classNames)}</th>{Figures.Cell(summary.Number(key), Figures.Score)}</tr>""")));

    private static Markup Cases(RunMetrics metrics) => Page.Table(
        Markup.Of($"The test images one by one."), ["Image", "Boxes there", "Boxes found"],
        metrics.TestCases.Where(line => line.Has("detections")).Select(line => Markup.Of($"""
            <tr data-case="{line.Text("case")!}"><th scope="row">{line.Text("case")!}</th><td class="num">{line.Integer("boxes") ?? 0}</td><td class="num">{line.Integer("detections") ?? 0}</td></tr>
            """)));
}
