using Conjoint.Tasks.Metrics;
using FsCheck.Xunit;

namespace Conjoint.Tests.Tasks;

public sealed class RocCurveTests
{
    private static readonly double[] s_scores = [0.9, 0.8, 0.8, 0.6, 0.3];
    private static readonly bool[] s_labels = [true, true, false, false, true];

    // Positives 0.9, 0.8, 0.3; negatives 0.8, 0.6. Pairs won: 0.9 both, 0.8 one and a half, 0.3 none: 3.5 of 6.
    [Fact]
    public void The_area_counts_pairs_and_ties_by_half() => Assert.Equal(3.5 / 6, RocCurve.Auc(s_scores, s_labels), 12);

    [Fact]
    public void The_points_match_numbers_worked_by_hand()
    {
        RocPoint[] expected =
        [
            new(double.PositiveInfinity, 0, 1), new(0.9, 1.0 / 3, 1), new(0.8, 2.0 / 3, 0.5), new(0.6, 2.0 / 3, 0), new(0.3, 1, 0),
        ];
        Assert.Equal(expected, RocCurve.Of(s_scores, s_labels).Points);
    }

    [Theory]
    [InlineData(1.0, 1.0 / 3)]
    [InlineData(0.6, 1.0 / 3)]
    [InlineData(0.5, 2.0 / 3)]
    [InlineData(0.0, 1.0)]
    public void Sensitivity_is_the_largest_that_keeps_the_specificity(double specificity, double sensitivity) =>
        Assert.Equal(sensitivity, RocCurve.Of(s_scores, s_labels).SensitivityAt(specificity), 12);

    [Property]
    public void The_area_is_that_under_the_points_and_turns_round_with_the_scores(int[] drawn, int seed)
    {
        // Few different numbers, so that ties are many.
        double[] scores = [0, 1, .. drawn.Select(d => (double)(Math.Abs((long)d) % 5))];
        var random = new Random(seed);
        bool[] labels = [false, true, .. drawn.Select(_ => random.Next(2) == 1)];
        var points = RocCurve.Of(scores, labels).Points;
        var trapezia = points.Zip(points.Skip(1), (a, b) => (a.Specificity - b.Specificity) * (a.Sensitivity + b.Sensitivity) / 2).Sum();

        Assert.Equal(trapezia, RocCurve.Auc(scores, labels), 10);
        Assert.Equal(1 - trapezia, RocCurve.Auc([.. scores.Select(s => -s)], labels), 10);
        Assert.Equal(trapezia, RocCurve.Auc([.. scores.Select(s => s * s * s)], labels), 10);
    }

    [Fact]
    public void One_class_alone_has_no_area_and_no_curve()
    {
        Assert.True(double.IsNaN(RocCurve.Auc([1, 2], [true, true])));
        Assert.Throws<ArgumentException>(() => RocCurve.Of([1, 2], [true, true]));
    }

    [Fact]
    public void Scores_without_a_rank_or_a_label_are_refused()
    {
        Assert.Throws<ArgumentException>(() => RocCurve.Auc([1, double.NaN], [true, false]));
        Assert.Throws<ArgumentException>(() => RocCurve.Auc([1], [true, false]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RocCurve.Of([1, 2], [true, false]).SensitivityAt(1.5));
    }
}
