using Conjoint.Tasks.Metrics;
using FsCheck.Xunit;

namespace Conjoint.Tests.Tasks;

public sealed class SignificanceTests
{
    // Differences 1, 2, 3, −4, and a zero: W⁺ = 6, W⁻ = 4. Sums of at most 4 among 16: {}, 1, 2, 3, 12, 4, 13: 7. p = 14/16.
    [Fact]
    public void A_small_test_matches_numbers_worked_by_hand()
    {
        var test = WilcoxonSignedRank.Of([1, 2, 3, 0, 5], [0, 0, 0, 4, 5]);
        Assert.Equal(new WilcoxonSignedRank(6, 4, 14.0 / 16), test);
    }

    [Fact]
    public void All_cases_better_is_as_small_as_the_signs_allow()
    {
        var test = WilcoxonSignedRank.Of([.. Enumerable.Range(1, 10).Select(i => (double)i)], new double[10]);
        Assert.Equal(2.0 / 1024, test.P, 15);
    }

    [Theory]
    [InlineData(1, 8, 100)]
    [InlineData(2, 10, 3)]
    [InlineData(3, 13, 5)]
    public void Up_to_25_differences_it_counts_every_choice_of_signs(int seed, int cases, int levels)
    {
        var random = new Random(seed);
        double[] differences = [.. Enumerable.Range(0, cases).Select(_ => (1.0 + random.Next(levels)) * (random.Next(3) == 0 ? -1 : 1))];
        var ranks = differences.Select(d => differences.Count(o => Math.Abs(o) < Math.Abs(d)) + (differences.Count(o => Math.Abs(o) == Math.Abs(d)) + 1) / 2.0).ToArray();
        double Sum(Func<int, bool> positive) => ranks.Where((_, i) => positive(i)).Sum();
        var positive = Sum(i => differences[i] > 0);
        var smaller = Math.Min(positive, ranks.Sum() - positive);
        var ways = Enumerable.Range(0, 1 << cases).Count(signs => Sum(i => (signs >> i & 1) == 1) <= smaller);

        var test = WilcoxonSignedRank.Of(differences, new double[cases]);
        Assert.Equal(positive, test.PositiveRankSum);
        Assert.Equal(Math.Min(1, 2.0 * ways / (1 << cases)), test.P, 12);
    }

    // 26 differences of one size, 20 of them positive: every rank is 13.5, W⁺ = 270, mean 175.5,
    // variance 26·27·53/24 − (26³ − 26)/48 = 1184.625, z = 2.745626.
    [Fact]
    public void Above_25_it_is_normal_with_the_variance_corrected_for_ties()
    {
        double[] differences = [.. Enumerable.Range(0, 26).Select(i => i < 20 ? 1.0 : -1.0)];
        var test = WilcoxonSignedRank.Of(differences, new double[26]);
        Assert.Equal(270, test.PositiveRankSum);
        Assert.Equal(0.006040, test.P, 6);
    }

    [Fact]
    public void Equal_methods_differ_in_nothing() => Assert.Equal(new WilcoxonSignedRank(0, 0, 1), WilcoxonSignedRank.Of([1, 2], [1, 2]));

    [Property]
    public void Exchanging_the_methods_keeps_the_p_value(int[] first, int seed)
    {
        var random = new Random(seed);
        double[] a = [.. first.Select(f => (double)(f % 7))];
        double[] b = [.. first.Select(_ => (double)random.Next(7))];
        var (forth, back) = (WilcoxonSignedRank.Of(a, b), WilcoxonSignedRank.Of(b, a));
        Assert.Equal(forth.P, back.P, 12);
        Assert.Equal(forth.Count * (forth.Count + 1) / 2.0, forth.PositiveRankSum + back.PositiveRankSum, 9);
        Assert.InRange(forth.P, 0, 1);
    }

    [Fact]
    public void Pairs_without_both_scores_are_refused()
    {
        Assert.Throws<ArgumentException>(() => WilcoxonSignedRank.Of([1, double.NaN], [1, 2]));
        Assert.Throws<ArgumentException>(() => WilcoxonSignedRank.Of([1], [1, 2]));
    }

    // Sorted 0.01, 0.02, 0.03, 0.4 times 4, 3, 2, 1: 0.04, 0.06, 0.06, 0.4.
    [Fact]
    public void Holm_multiplies_in_order_and_never_falls() =>
        Assert.Equal([0.06, 0.04, 0.4, 0.06], HolmCorrection.Adjust([0.03, 0.01, 0.4, 0.02]).Select(p => Math.Round(p, 12)));

    [Fact]
    public void Holm_ends_at_one() =>
        Assert.Equal([1.0, 1.0, 0.3], HolmCorrection.Adjust([0.6, 0.9, 0.1]).Select(p => Math.Round(p, 12)));

    [Fact]
    public void Holm_refuses_what_is_no_probability()
    {
        Assert.Throws<ArgumentException>(() => HolmCorrection.Adjust([0.5, double.NaN]));
        Assert.Throws<ArgumentException>(() => HolmCorrection.Adjust([1.5]));
        Assert.Empty(HolmCorrection.Adjust([]));
    }
}
