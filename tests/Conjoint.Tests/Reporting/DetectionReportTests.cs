using System.Text.Json;
using Conjoint.Data;
using Conjoint.Reporting;
using Conjoint.Tasks.Detection;
using Conjoint.TestSupport;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.ReportData;

namespace Conjoint.Tests.Reporting;

/// <summary>The report of a detector on invented detections: nothing in it was trained or measured.</summary>
public sealed class DetectionReportTests : IDisposable
{
    private static readonly string[] s_classes = ["effusion", "nodule", "never there"];

    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void The_area_under_the_drawn_points_is_the_average_precision_that_is_told()
    {
        var (folder, html, summary) = Run();
        using var drawn = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.ReportData, "detection_curves.json")));
        var classes = drawn.RootElement.GetProperty("classes").EnumerateArray().ToArray();
        Assert.Equal([0, 1], classes.Select(c => c.GetProperty("label").GetInt32()));
        foreach (var k in new[] { 0, 1 })
        {
            var (recall, precision) = (Numbers(classes[k], "recall"), Numbers(classes[k], "precision"));
            var area = Enumerable.Range(1, recall.Length - 1).Sum(i => (recall[i] - recall[i - 1]) * (precision[i] + precision[i - 1]) / 2);
            Assert.InRange(area, 0.2, 0.9); // neither of the trivial curves
            Assert.Equal(summary.Classes[k].Ap50, area, 12);
            Assert.Equal(summary.Classes[k].Ap50, HtmlTables.Rows(html).Single(row => row.Head == $"AP50, {s_classes[k]}").Cells[0].Value);
            Assert.Contains($"{s_classes[k]} {summary.Classes[k].Ap50.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture)}", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_sensitivities_at_the_seven_rates_stand_beside_their_mean()
    {
        var (_, html, summary) = Run();
        foreach (var k in new[] { 0, 1 })
        {
            var cells = HtmlTables.RowWith(html, $"data-froc=\"{s_classes[k]}\"").Cells;
            Assert.Equal(summary.Classes[k].Froc.Select(f => (double?)f.Sensitivity), cells.Take(7).Select(cell => cell.Value));
            Assert.Equal(cells.Take(7).Average(cell => cell.Value!.Value), cells[7].Value!.Value, 12);
            Assert.True(cells[0].Value < cells[6].Value);
        }

        var mean = HtmlTables.RowWith(html, "data-froc=\"Mean of the classes\"").Cells;
        Assert.Equal(summary.Classes.Take(2).Average(c => c.Cpm), mean[7].Value!.Value, 12);
        Assert.Contains("FROC at IoU 0.5", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_from_before_there_were_curves_has_a_report()
    {
        var (folder, _, _) = Run();
        File.Delete(Path.Combine(folder.ReportData, "detection_curves.json"));
        var html = File.ReadAllText(RunReport.Write(folder.Path));
        Assert.DoesNotContain("Precision-recall", html, StringComparison.Ordinal);
        Assert.Contains("AP50, nodule", html, StringComparison.Ordinal);
    }

    private (RunFolder Folder, string Html, DetectionSummary Summary) Run()
    {
        var random = new Random(5);
        DetectedCase[] cases = [.. Enumerable.Range(0, 12).Select(i =>
        {
            Box[] truth = [.. s_classes.Take(2).SelectMany((name, k) => Enumerable.Range(0, 1 + (i + k) % 3).Select(n => new Box(20 * n, 30 * k, 20 * n + 10, 30 * k + 10, name)))];
            FoundBox[] right = [.. truth.Where(_ => random.NextDouble() < 0.8).Select(t => new FoundBox(t.Class, t.X1, t.Y1, t.X2, t.Y2 + 2, 0.2 + 0.8 * random.NextDouble()))];
            FoundBox[] wrong = [.. s_classes.Take(2).SelectMany(name => Enumerable.Range(0, 1 + i % 2).Select(n => new FoundBox(name, 100, 20 * n, 110, 20 * n + 10, 0.9 * random.NextDouble())))];
            return new DetectedCase($"case-{i}", truth, [.. right.Concat(wrong).OrderByDescending(f => f.Score)]);
        })];
        var folder = RunFolder.Create(_temporary["run"]);
        var summary = DetectionSummary.Of(cases, s_classes);
        using (var log = RunLog.Create(folder))
        {
            foreach (var found in cases)
                log.Write(DetectionLines.Case("test", found));
            log.Write(DetectionLines.Summary("test", summary));
        }

        ReportFiles.Write(folder, new DataSummary { ClassNames = s_classes.Index().ToDictionary(c => c.Index, c => c.Item) });
        ReportFiles.Write(folder, DetectionBoxes.Of(cases, s_classes).ToDraw());
        return (folder, File.ReadAllText(RunReport.Write(folder.Path)), summary);
    }

    private static double[] Numbers(JsonElement ofClass, string name) => [.. ofClass.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
}
