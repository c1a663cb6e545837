using System.Globalization;
using Conjoint.Imaging;
using Conjoint.Reporting;
using Conjoint.TestSupport;
using Conjoint.Training;
using Conjoint.Training.Monitoring;

namespace Conjoint.Tests.Reporting;

public sealed class ComparisonReportTests : IDisposable
{
    private static readonly string[] Keys = ["dice", "iou", "dice_class_1", "dice_class_2"];

    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Means_and_deviations_equal_the_metrics()
    {
        var (html, lines) = Report(0.08);
        foreach (var arm in new[] { "pretrained", "scratch" })
        {
            var summary = lines.Single(line => line.Text("arm") == arm && line.Flag("summary"));
            var cells = HtmlTables.RowWith(html, $"data-arm=\"{arm}\"").Cells;
            Assert.Equal("3", cells[0].Text);
            Assert.Equal((summary.Number("dice_mean"), summary.Number("dice_std")), (cells[1].Value, cells[1].Std));
            Assert.Equal((summary.Number("iou_mean"), summary.Number("iou_std")), (cells[2].Value, cells[2].Std));
            Assert.Equal(Text(summary.Number("dice_mean")) + " ± " + Text(summary.Number("dice_std")), cells[1].Text);
        }
    }

    [Fact]
    public void Scores_by_class_are_means_over_the_seeds()
    {
        var (html, lines) = Report(0.08);
        var values = lines.Where(line => line.Text("arm") == "scratch" && line.Has("seed")).Select(line => line.Number("dice_class_2")!.Value).ToArray();
        var cell = HtmlTables.RowWith(html, "data-arm=\"scratch\"").Cells[4];
        Assert.Equal(values.Average(), cell.Value!.Value, 1e-12);
        Assert.Equal(Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / 2), cell.Std!.Value, 1e-12);
        Assert.Contains("Dice, heart", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_are_paired_by_seed()
    {
        var (html, lines) = Report(0.08);
        var cells = HtmlTables.RowWith(html, "data-difference=\"pretrained\"").Cells;
        for (var k = 0; k < Keys.Length; k++)
        {
            var differences = Enumerable.Range(0, 3).Select(seed => Seed(lines, "pretrained", seed, Keys[k]) - Seed(lines, "scratch", seed, Keys[k])).ToArray();
            Assert.Equal(differences.Average(), cells[k + 1].Value!.Value, 1e-12);
        }
    }

    [Fact]
    public void Each_case_is_compared_with_itself()
    {
        var (html, _) = Report(0.08);
        double Mean(string arm, string key) => Enumerable.Range(0, 3)
            .Select(seed => MetricsReader.Read(Path.Combine(temporary["demo"], "finetune", $"{arm}-seed{seed}", "metrics.jsonl")))
            .Average(run => run.Single(line => line.Text("case") == "thorax-22").Number(key)!.Value);

        var cells = HtmlTables.RowWith(html, "data-case=\"thorax-22\"").Cells;
        Assert.Equal(Mean("pretrained", "dice"), cells[0].Value!.Value, 1e-12);
        Assert.Equal(Mean("scratch", "dice"), cells[1].Value!.Value, 1e-12);
        Assert.Equal(Mean("pretrained", "dice") - Mean("scratch", "dice"), cells[2].Value!.Value, 1e-12);
        Assert.Equal(Mean("pretrained", "iou") - Mean("scratch", "iou"), cells[5].Value!.Value, 1e-12);
    }

    [Fact]
    public void A_seed_that_diverged_counts_as_zero_in_every_case()
    {
        var folder = FakeRuns.Comparison(temporary["demo"], 0.08);
        double Dice(int seed) => MetricsReader.Read(Path.Combine(folder, "finetune", $"pretrained-seed{seed}", "metrics.jsonl")).Single(line => line.Text("case") == "thorax-22").Number("dice")!.Value;
        var expected = (Dice(0) + Dice(1)) / 3;
        File.AppendAllText(
            Path.Combine(folder, "metrics.jsonl"), new MetricsLine("comparison").Add("arm", "pretrained").Add("seed", 2).Add("dice", 0.0).Add("diverged", true).ToJson() + "\n");

        var cells = HtmlTables.RowWith(File.ReadAllText(ComparisonReport.Write(folder)), "data-case=\"thorax-22\"").Cells;
        Assert.Equal(expected, cells[0].Value!.Value, 1e-12);
    }

    [Theory]
    [InlineData(0.15, "Pre-trained beat training from scratch with every seed")]
    [InlineData(-0.15, "Pre-trained did not beat training from scratch")]
    public void The_verdict_follows_the_numbers(double gain, string verdict) =>
        Assert.Contains(verdict, Report(gain).Html, StringComparison.Ordinal);

    [Fact]
    public void An_advantage_with_some_seeds_only_is_not_called_better()
    {
        Write(("pretrained", [0.7, 0.8, 0.5]), ("scratch", [0.6, 0.6, 0.6]));
        var html = File.ReadAllText(ComparisonReport.Write(temporary["demo"]));
        Assert.Contains("ahead of training from scratch on average, but not with every seed", html, StringComparison.Ordinal);
        Assert.Contains("ahead with 2 of 3 seeds", html, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_is_not_called_better()
    {
        Write(("pretrained", [0.7]), ("scratch", [0.6]));
        Assert.Contains("One seed cannot tell this from luck", File.ReadAllText(ComparisonReport.Write(temporary["demo"])), StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_scores_are_not_called_better()
    {
        Write(("pretrained", [0.6, 0.6]), ("scratch", [0.6, 0.6]));
        Assert.Contains("did not beat", File.ReadAllText(ComparisonReport.Write(temporary["demo"])), StringComparison.Ordinal);
    }

    [Fact]
    public void The_pre_training_and_the_masks_of_both_arms_are_shown()
    {
        var (html, _) = Report(0.08);
        foreach (var anchor in new[] { "result", "overview", "cases", "overlays", "finetuning", "stage-slices", "stage-masked", "stage-volumes", "prototypes", "map" })
            Assert.Contains($"<section id=\"{anchor}\">", html, StringComparison.Ordinal);
        Assert.Contains("Pre-trained, seed 0", html, StringComparison.Ordinal);
        Assert.Contains("From scratch, seed 0", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_comparison_is_refused_by_name()
    {
        FakeRuns.FineTuning(temporary["demo"], 0.5, 1);
        Assert.Contains("comparison", Assert.Throws<InputDataException>(() => ComparisonReport.Write(temporary["demo"])).Message, StringComparison.Ordinal);
        Assert.Throws<InputDataException>(() => ComparisonReport.Write(temporary["nowhere"]));
    }

    private static double Seed(IEnumerable<MetricsLine> lines, string arm, int seed, string key) =>
        lines.Single(line => line.Text("arm") == arm && line.Integer("seed") == seed).Number(key)!.Value;

    private static string Text(double? value) => value!.Value.ToString("0.0000", CultureInfo.InvariantCulture);

    private (string Html, IReadOnlyList<MetricsLine> Lines) Report(double gain)
    {
        var folder = FakeRuns.Comparison(temporary["demo"], gain);
        return (File.ReadAllText(ComparisonReport.Write(folder)), MetricsReader.Read(Path.Combine(folder, "metrics.jsonl")));
    }

    private void Write(params (string Arm, double[] Dice)[] arms)
    {
        using var log = MetricsLog.Open(RunFolder.Create(temporary["demo"]).Metrics);
        foreach (var (arm, dice) in arms)
        {
            for (var seed = 0; seed < dice.Length; seed++)
                log.Write(new MetricsLine("comparison").Add("arm", arm).Add("seed", seed).Add("dice", dice[seed]).Add("iou", dice[seed] / 2));
        }
    }
}
