using System.Globalization;
using System.Text.RegularExpressions;
using Conjoint.Imaging;
using Conjoint.Reporting;
using Conjoint.TestSupport;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.ReportData;

namespace Conjoint.Tests.Reporting;

public sealed class RunReportTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Test_scores_equal_those_in_the_metrics()
    {
        var folder = FakeRuns.FineTuning(temporary["run"], 0.6, seed: 1);
        var html = Report(folder);
        string[] keys = ["dice", "iou", "dice_class_1", "dice_class_2"];
        var lines = MetricsReader.Read(folder.Metrics).Where(line => line.Stage == "test").ToArray();
        Assert.Equal(7, lines.Length);
        foreach (var line in lines)
        {
            var row = HtmlTables.RowWith(html, $"data-case=\"{line.Text("case") ?? "Mean"}\"");
            Assert.Equal(keys.Select(line.Number), row.Cells.Select(cell => cell.Value));
            Assert.Equal(
                keys.Select(key => line.Number(key)?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "–"),
                row.Cells.Select(cell => cell.Text));
        }
    }

    [Fact]
    public void Stage_table_equals_the_metrics()
    {
        var folder = FakeRuns.Pretraining(temporary["run"]);
        var html = Report(folder);
        var lines = MetricsReader.Read(folder.Metrics);
        foreach (var (stage, title) in new[] { ("slices", "Stage 1: slices"), ("masked", "Stage 2: masked slices"), ("volumes", "Stage 3: volumes") })
        {
            var steps = lines.Where(line => line.Stage == stage && line.Has("loss")).ToArray();
            var cells = HtmlTables.Rows(html).Single(row => row.Head == title).Cells;
            Assert.Equal("60", cells[0].Text);
            Assert.Equal(steps[0].Number("loss"), cells[1].Value);
            Assert.Equal(steps[^1].Number("loss"), cells[2].Value);
            Assert.Equal(stage == "masked" ? null : Math.Log(16), cells[3].Value);
            Assert.Equal(steps.Average(line => line.Number("samples_per_second")!.Value), cells[4].Value!.Value, 1e-9);
        }
    }

    [Fact]
    public void The_file_loads_nothing_from_anywhere()
    {
        var html = Report(FakeRuns.Pretraining(temporary["run"])) + Report(FakeRuns.FineTuning(temporary["tuned"], 0.6, seed: 1));
        Assert.DoesNotMatch("""(?:src|href)\s*=\s*"(?!data:|#)""", html);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@"url\((?!#)", html);
        Assert.DoesNotMatch("https?://(?!www.w3.org/)", html);
    }

    [Fact]
    public void Everything_that_the_run_wrote_is_shown()
    {
        var html = Report(FakeRuns.Pretraining(temporary["run"])) + Report(FakeRuns.FineTuning(temporary["tuned"], 0.6, seed: 1));
        foreach (var anchor in new[] { "overview", "summary", "stage-slices", "stage-masked", "stage-volumes", "prototypes", "map", "scores", "masks", "stage-finetune" })
            Assert.Contains($"<section id=\"{anchor}\">", html, StringComparison.Ordinal);
        Assert.Contains("No alarm.", html, StringComparison.Ordinal);
        Assert.Contains(">ln K</text>", html, StringComparison.Ordinal);
        Assert.Equal((5 * 7) + 4, Regex.Count(html, "<img "));
    }

    [Fact]
    public void Pictures_and_plots_have_texts_for_those_who_cannot_see_them()
    {
        var html = Report(FakeRuns.Pretraining(temporary["run"]));
        Assert.Equal(Regex.Count(html, "<img "), Regex.Count(html, "<img alt=\"[^\"]{10,}\""));
        Assert.Equal(Regex.Count(html, "<svg "), Regex.Count(html, "<svg [^>]*role=\"img\" aria-label=\"[^\"]{10,}\""));
    }

    [Fact]
    public void Drawings_do_not_share_their_clipping_areas()
    {
        var html = Report(FakeRuns.Pretraining(temporary["run"]));
        var names = Regex.Matches(html, "<clipPath id=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(names);
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(Regex.Matches(html, @"url\(#([^)]+)\)"), match => Assert.Contains(match.Groups[1].Value, names));
    }

    [Fact]
    public void Alarms_are_listed_with_their_cure()
    {
        var html = Report(FakeRuns.Pretraining(temporary["run"], collapsed: true));
        Assert.Contains("effective rank 1.2", html, StringComparison.Ordinal);
        Assert.Contains("Lower the learning rate", html, StringComparison.Ordinal);
        Assert.DoesNotContain("No alarm.", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_are_encoded()
    {
        var folder = FakeRuns.Pretraining(temporary["run"]);
        ReportFiles.Write(folder, new RunSummary { Title = "<script>alert('\"&')</script>", Command = "a && b > \"c\"" });
        var html = Report(folder);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("chest &lt;film&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("chest <film>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_of_the_machine_are_not_told()
    {
        var html = Report(FakeRuns.Pretraining(temporary["run"]));
        Assert.DoesNotContain("somebody", html, StringComparison.Ordinal);
        Assert.DoesNotContain(temporary.Path, html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_has_only_begun_has_a_report()
    {
        var folder = RunFolder.Create(temporary["run"]);
        using (RunLog.Create(folder))
        {
            Assert.Contains("not finished a step", Report(folder), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Steps_without_a_finite_loss_do_not_break_the_curves()
    {
        var folder = RunFolder.Create(temporary["run"]);
        using (var log = RunLog.Create(folder))
        {
            log.Write(new MetricsLine("slices").Add("epoch", 0).Add("step", 1).Add("loss", double.NaN).Add("lr", 0.1));
            log.Write(new MetricsLine("masked").Add("epoch", 0).Add("step", 1).Add("loss", 2.0));
        }

        var html = Report(folder);
        Assert.Contains("not a finite number", html, StringComparison.Ordinal);
        Assert.Contains("No step had a finite loss", html, StringComparison.Ordinal);
        Assert.Contains("<section id=\"stage-masked\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_run_makes_no_heavy_page()
    {
        var folder = FakeRuns.Pretraining(temporary["run"], steps: 4_000);
        Assert.InRange(new FileInfo(RunReport.Write(folder.Path)).Length, 1, 1_000_000);
    }

    [Fact]
    public void Anything_but_a_run_is_refused_by_name()
    {
        Assert.Contains("nowhere", Assert.Throws<InputDataException>(() => RunReport.Write(temporary["nowhere"])).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(temporary["empty"]);
        Assert.Contains("metrics.jsonl", Assert.Throws<InputDataException>(() => RunReport.Write(temporary["empty"])).Message, StringComparison.Ordinal);
    }

    private static string Report(RunFolder folder) => File.ReadAllText(RunReport.Write(folder.Path));
}
