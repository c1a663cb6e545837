using Conjoint.Benchmarks.Learning;
using Conjoint.Runtime;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Benchmarks;

public class LearningReportTests
{
    private static readonly ArmDifference s_better = new("all", "scratch", "3", 0.04, 0.02, 0.06, 0.01, 0.07, 30, 30, 3, 10, 17);

    [Fact]
    public void A_claim_that_holds_says_so_with_its_interval() => Assert.Equal(
        "`all` − `scratch` at 3 labelled subjects: **holds**, +0.040 [+0.020, +0.060].", LearningReport.Claim(s_better));

    [Fact]
    public void A_claim_that_does_not_hold_is_told_as_plainly()
    {
        Assert.Equal(
            "`all` − `scratch` at 3 labelled subjects: **not shown**, +0.010 [-0.020, +0.040]: the interval holds 0.",
            LearningReport.Claim(s_better with { Mean = 0.01, Low = -0.02, High = 0.04, CrossedLow = -0.05 }));
        Assert.Equal(
            "`all` − `scratch` at all labelled subjects: **does not hold; `scratch` is better**, -0.030 [-0.050, -0.010], so far 4 of 30 pairs.",
            LearningReport.Claim(s_better with { Labels = "all", Mean = -0.03, Low = -0.05, High = -0.01, CrossedLow = -0.06, CrossedHigh = -0.005, Pairs = 4 }));
        Assert.Equal(
            "`all` − `scratch` at 3 labelled subjects: **holds**, +0.040 [+0.020, +0.060]; with all levels across, [-0.010, +0.070], it can't be told from 0.",
            LearningReport.Claim(s_better with { CrossedLow = -0.01 }));
        Assert.Equal("`all` − `scratch` at 3 labelled subjects: nothing to say yet.", LearningReport.Claim(s_better with { Pairs = 0 }));
    }

    [Fact]
    public void Partial_results_are_marked_and_every_table_has_the_numbers()
    {
        using var folder = new TemporaryFolder();
        var summary = new LearningSummary
        {
            Finished = 7,
            Cells = 90,
            Settings = LearningSettings.Of("small"),
            TestSubjects = 17,
            Scores = [new ArmScore("all", "3", 0.1, 0.2, 0.712, 0.0151, 30, 30, 2), new ArmScore("all", "6", double.NaN, double.NaN, double.NaN, double.NaN, 0, 30, 0)],
            Differences = [s_better],
            Rates = [.. new[] { 0.02, 0.05, 0.1, 0.2 }.Select(r => new RateScore("all", r, 1, r * 2, 3, r == 0.1))],
            Probes = [new ProbeScore("slice position", "untrained", "r2", 0.5, double.NaN, 1, 3, 420, 204)],
            Stages = [new StageSummary("all", 0, "masked", 60, 114.1, 6.6, 0.72, 202, double.NaN, 1)],
        };
        LearningReport.Write(folder.Path, summary, "conjoint benchmark --table learning");
        var page = File.ReadAllText(folder["learning.md"]);
        foreach (var part in new[]
        {
            "**Incomplete: 7 of 90 cells.**", "conjoint benchmark --table learning", "| 3 | all | 0.1 (encoder 0.02) | 0.712 ± 0.015 | 30, 2 diverged |", "| 6 | all | – | – | 0 of 30 |",
            "| 3 | all − scratch | +0.040 | [+0.020, +0.060] | [+0.010, +0.070] | above 0 | 30 | 3 × 10 × 17 |", "| all | 0.05 | 0.100 | 3 |  |",
            "| all | 0.1 | 0.200 | 3 | chosen |", "| slice position | untrained | r2 | 0.500 | 1 of 3 | 420 | 204 |", "| all | 0 | masked | 60 | 114.100 → 6.600 | 0.72 | 202.0 | – | 1 |",
        })
            Assert.Contains(part, page, StringComparison.Ordinal);
        Assert.Contains("difference,all - scratch,3,0.04,,0.02,0.06,0.01,0.07,30,30", File.ReadAllText(folder["learning.csv"]), StringComparison.Ordinal);
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(folder["learning.json"]));
        Assert.False(json.RootElement.GetProperty("is_complete").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.RootElement.GetProperty("scores")[1].GetProperty("mean").ValueKind);
    }

    [Theory]
    [InlineData(0.01, 0.02, 0.005, 0.03, "above 0")]
    [InlineData(0.01, 0.02, -0.005, 0.03, "above 0 only with levels within one another")]
    [InlineData(-0.01, 0.02, -0.005, 0.03, "not told from 0")]
    [InlineData(-0.02, -0.01, -0.03, -0.001, "below 0")]
    public void The_verdict_follows_the_intervals(double low, double high, double crossedLow, double crossedHigh, string verdict) =>
        Assert.Equal(verdict, (s_better with { Low = low, High = high, CrossedLow = crossedLow, CrossedHigh = crossedHigh }).Verdict);

    [Fact]
    public void Settings_that_cannot_work_are_told() => Assert.Equal(
        ["labels", "labels", "arms", "encoder_rates", "rates"],
        new LearningSettings { Labels = ["all", "0"], Rates = [], EncoderRates = [1, 1], Arms = ["some"] }.Problems().Select(p => p.Key));

    [Fact]
    public void Unknown_scales_are_refused() => Assert.Throws<ConfigurationException>(() => LearningSettings.Of("full"));
}
