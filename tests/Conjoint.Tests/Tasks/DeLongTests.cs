using Conjoint.Tasks.Metrics;

namespace Conjoint.Tests.Tasks;

public sealed class DeLongTests
{
    // Positives 3, 1; negatives 2, 0. Each positive wins 1 and 1/2, variance 1/8; each negative loses to 1/2 and 1, variance 1/8:
    // se² = (1/8)/2 + (1/8)/2 = 1/8.
    [Fact]
    public void The_standard_error_matches_numbers_worked_by_hand()
    {
        var area = DeLong.Of([3, 2, 1, 0], [true, false, true, false]);
        Assert.Equal(0.75, area.Auc, 12);
        Assert.Equal(Math.Sqrt(0.125), area.StandardError, 12);
    }

    [Theory]
    [InlineData(1, 12, 9, 3)]
    [InlineData(2, 30, 5, 4)]
    [InlineData(3, 2, 40, 1000)]
    public void It_agrees_with_the_definition_over_all_pairs(int seed, int positives, int negatives, int levels)
    {
        var random = new Random(seed);
        double[] scores = [.. Enumerable.Range(0, positives + negatives).Select(i => random.Next(levels) + (i < positives ? 0.5 * levels : 0))];
        bool[] labels = [.. Enumerable.Range(0, scores.Length).Select(i => i < positives)];

        var (up, down) = (scores[..positives], scores[positives..]);
        double Psi(double p, double n) => p > n ? 1 : p == n ? 0.5 : 0;
        var rows = up.Select(p => down.Average(n => Psi(p, n))).ToArray();
        var columns = down.Select(n => up.Average(p => Psi(p, n))).ToArray();
        var variance = Square(MeanStd.Of(rows).Std) / positives + Square(MeanStd.Of(columns).Std) / negatives;

        var area = DeLong.Of(scores, labels);
        Assert.Equal(rows.Average(), area.Auc, 12);
        Assert.Equal(Math.Sqrt(variance), area.StandardError, 12);
    }

    /// <summary>Var(A − B) = Var A + Var B − 2 Cov, over all pairs.</summary>
    [Theory]
    [InlineData(1, 12, 9, 3)]
    [InlineData(2, 6, 15, 1000)]
    public void The_error_of_a_difference_knows_that_the_cases_are_the_same(int seed, int positives, int negatives, int levels)
    {
        var random = new Random(seed);
        bool[] labels = [.. Enumerable.Range(0, positives + negatives).Select(i => i < positives)];
        double[] a = [.. labels.Select(l => random.Next(levels) + (l ? 0.5 * levels : 0))];
        double[] b = [.. a.Select(s => s + random.Next(levels))];

        double Psi(double p, double n) => p > n ? 1 : p == n ? 0.5 : 0;
        double[] Rows(double[] s) => [.. s[..positives].Select(p => s[positives..].Average(n => Psi(p, n)))];
        double[] Columns(double[] s) => [.. s[positives..].Select(n => s[..positives].Average(p => Psi(p, n)))];
        static double Covariance(double[] x, double[] y) => x.Zip(y, (p, q) => (p - x.Average()) * (q - y.Average())).Sum() / (x.Length - 1);
        double Variance(Func<double[], double[]> of) => Covariance(of(a), of(a)) + Covariance(of(b), of(b)) - 2 * Covariance(of(a), of(b));

        var difference = DeLong.Difference(a, b, labels);
        Assert.Equal(DeLong.Of(a, labels).Auc - DeLong.Of(b, labels).Auc, difference.Difference, 12);
        Assert.Equal(Math.Sqrt(Variance(Rows) / positives + Variance(Columns) / negatives), difference.StandardError, 12);
        Assert.Equal(difference.Difference - 1.9599639845400545 * difference.StandardError, difference.Interval().Low, 12);
        Assert.Equal((0.0, 0.0), (DeLong.Difference(a, a, labels).Difference, DeLong.Difference(a, a, labels).StandardError));
    }

    [Fact]
    public void The_interval_is_normal_and_clipped()
    {
        var (low, high) = new DeLong(0.7, 0.1).Interval();
        Assert.Equal(0.7 - 0.1959963984540054, low, 12);
        Assert.Equal(0.7 + 0.1959963984540054, high, 12);
        Assert.Equal(1, new DeLong(0.9, 0.1).Interval().High);
        Assert.Equal(0, new DeLong(0.1, 0.1).Interval().Low);
        Assert.Equal((1.0, 1.0), DeLong.Of([4, 3, 2, 1], [true, true, false, false]).Interval());
    }

    [Fact]
    public void One_case_of_a_class_has_an_area_but_no_error()
    {
        var area = DeLong.Of([2, 1, 0], [true, false, false]);
        Assert.Equal(1, area.Auc);
        Assert.True(double.IsNaN(area.StandardError) && double.IsNaN(area.Interval().Low));
    }

    private static double Square(double x) => x * x;
}
