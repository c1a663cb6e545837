using Conjoint.Tasks.Metrics;
using Conjoint.Tasks.Segmentation;

namespace Conjoint.Tests.Tasks;

public sealed class OverlapTests
{
    // Worked by hand: |P|, |T|, |P∩T| → Dice = 2I/(P+T), IoU = I/(P+T−I).
    [Theory]
    [InlineData(new ushort[] { 1, 1, 0, 0 }, new ushort[] { 1, 0, 1, 0 }, 0.5, 1.0 / 3)]
    [InlineData(new ushort[] { 1, 1, 1, 0 }, new ushort[] { 1, 0, 0, 0 }, 0.5, 1.0 / 3)]
    [InlineData(new ushort[] { 1, 1, 0, 0 }, new ushort[] { 1, 1, 0, 0 }, 1, 1)]
    [InlineData(new ushort[] { 1, 0, 0, 0 }, new ushort[] { 0, 1, 0, 0 }, 0, 0)]
    [InlineData(new ushort[] { 0, 0, 0, 0 }, new ushort[] { 0, 1, 0, 0 }, 0, 0)]
    [InlineData(new ushort[] { 0, 0, 0, 0 }, new ushort[] { 0, 0, 0, 0 }, double.NaN, double.NaN)]
    public void Dice_and_iou_match_numbers_worked_by_hand(ushort[] prediction, ushort[] truth, double dice, double iou)
    {
        var overlap = Overlap.Count(prediction, truth, 2)[1];
        Assert.Equal(dice, overlap.Dice, 12);
        Assert.Equal(iou, overlap.Iou, 12);
    }

    [Fact]
    public void A_class_absent_from_truth_and_prediction_is_left_out_of_the_mean()
    {
        // Class 1: 2·1/(2+1) = 2/3; class 2 is in neither; class 3 is missed entirely: 0. Mean over two classes: 1/3.
        ushort[] prediction = [1, 1, 0, 0];
        ushort[] truth = [1, 0, 0, 3];
        var score = CaseScore.Compare("a", prediction, truth, [1, 2, 3], new VoxelGrid(1, 2, 2), surfaces: false);
        Assert.Equal(1.0 / 3, score.Dice, 12);
        Assert.Equal(0.25, score.Iou, 12); // (1/2 + 0)/2
        Assert.True(double.IsNaN(score.Classes[1].Dice));
    }

    [Fact]
    public void The_summary_is_the_mean_over_cases_of_means_over_classes()
    {
        var summary = ScoreSummary.Of(
        [
            new CaseScore("a", [new ClassScore(1, 0.5, 0.4), new ClassScore(2, 1.0, 1.0)]),
            new CaseScore("b", [new ClassScore(1, 0.25, 0.2), new ClassScore(2, double.NaN, double.NaN)]),
            new CaseScore("nothing to find", [new ClassScore(1, double.NaN, double.NaN), new ClassScore(2, double.NaN, double.NaN)]),
        ]);
        Assert.Equal(2, summary.Cases);
        Assert.Equal(0.5, summary.Dice.Mean, 12);                          // (0.75 + 0.25)/2
        Assert.Equal(Math.Sqrt(0.125), summary.Dice.Std, 12);              // deviations ±0.25, n − 1 = 1
        Assert.Equal(0.375, summary.Classes[0].Dice, 12);
        Assert.Equal(1.0, summary.Classes[1].Dice, 12);
    }

    /// <summary>A radiograph without a pixel size has no millimetres, and a mean of both has no meaning.</summary>
    [Fact]
    public void Distances_are_in_pixels_where_nobody_says_how_large_one_is()
    {
        ushort[] prediction = [1, 1, 0, 0];
        ushort[] truth = [0, 1, 1, 0];
        CaseScore Score(double spacing, string unit) =>
            CaseScore.Compare("a", prediction, truth, [1], new VoxelGrid(1, 1, 4, ColumnSpacing: spacing, IsPlanar: true) { Unit = unit }, surfaces: true);
        var (mm, px) = (Score(2, "mm"), Score(1, "px"));
        Assert.Equal(2 * px.Assd, mm.Assd, 12);
        Assert.Equal(("mm", mm.Assd), (ScoreSummary.Of([mm, mm]).DistanceUnit, ScoreSummary.Of([mm, mm]).Assd.Mean));
        Assert.Equal(("px", px.Hd95), (ScoreSummary.Of([px]).DistanceUnit, ScoreSummary.Of([px]).Hd95.Mean));
        var both = ScoreSummary.Of([mm, px]);
        Assert.True(double.IsNaN(both.Hd95.Mean) && double.IsNaN(both.Assd.Mean) && double.IsNaN(both.Classes[0].Hd95));
        Assert.Equal(mm.Dice, both.Dice.Mean, 12);
        Assert.True(ScoreLines.Summary("test", ScoreSummary.Of([px])).ToJson().Contains("\"assd_px_class_1\":", StringComparison.Ordinal));
        Assert.True(ScoreLines.Case("test", mm).ToJson().Contains("\"hd95_mm\":", StringComparison.Ordinal));
    }

    [Fact]
    public void The_standard_deviation_divides_by_one_less_than_the_count()
    {
        var stated = MeanStd.Of([2, 4, 4, 4, 5, 5, 7, 9]);
        Assert.Equal(5, stated.Mean, 12);
        Assert.Equal(Math.Sqrt(32.0 / 7), stated.Std, 12);
        Assert.Equal("5.000 ± 2.138", stated.ToString());
        Assert.Equal("1.000", MeanStd.Of([1]).ToString());
    }

    [Fact]
    public void Masks_of_different_length_are_refused() =>
        Assert.Throws<ArgumentException>(() => Overlap.Count([1, 0], [1], 2));
}
