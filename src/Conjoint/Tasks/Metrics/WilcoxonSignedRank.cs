using MathNet.Numerics.Distributions;

namespace Conjoint.Tasks.Metrics;

/// <summary>Wilcoxon's signed-rank test of paired scores: whether their differences lie around zero.</summary>
/// <param name="PositiveRankSum">Sum of the ranks of the differences above zero, W⁺.</param>
/// <param name="Count">Differences that aren't zero; the others are dropped.</param>
/// <param name="P">Two-sided p-value, in [0, 1]; 1 when every difference is zero.</param>
/// <remarks>
/// Equal sizes share their mean rank. Up to <see cref="LargestExact"/> differences the p-value counts all 2ⁿ choices of signs over these
/// ranks; above, it is the normal approximation with the variance corrected for ties and without continuity correction (SPEC §4).
/// Source: Wilcoxon, "Individual Comparisons by Ranking Methods" (1945).
/// </remarks>
public readonly record struct WilcoxonSignedRank(double PositiveRankSum, int Count, double P)
{
    /// <summary>Up to this many differences the test is exact.</summary>
    public const int LargestExact = 25;

    /// <summary>Tests the differences first − second of the same cases under two methods.</summary>
    /// <param name="first">One score a case.</param>
    /// <param name="second">The other method's, in the same order.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a score isn't finite.</exception>
    public static WilcoxonSignedRank Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"Pairs are needed; there are {first.Length} and {second.Length} scores.", nameof(first));

        var differences = new List<double>();
        for (var i = 0; i < first.Length; i++)
        {
            var difference = first[i] - second[i];
            if (!double.IsFinite(difference))
                throw new ArgumentException($"Case {i} has the scores {first[i]} and {second[i]}; both must be finite. Leave out cases without a score.", nameof(first));
            if (difference != 0)
                differences.Add(difference);
        }

        var sizes = differences.Select(Math.Abs).ToArray();
        var ranks = MidRanks.Of(sizes);
        var positive = ranks.Where((_, i) => differences[i] > 0).Sum();
        var p = ranks.Length == 0 ? 1
            : ranks.Length <= LargestExact ? Exact(ranks, positive)
            : Approximate(ranks, sizes, positive);
        return new WilcoxonSignedRank(positive, ranks.Length, p);
    }

    /// <summary>2·P(W ≤ the smaller of W⁺ and W⁻) over all choices of signs, which are equally likely.</summary>
    private static double Exact(double[] ranks, double positive)
    {
        // Mid-ranks are multiples of a half: doubled, they index the number of choices of signs that reach a sum.
        var doubled = ranks.Select(r => (int)(2 * r)).ToArray();
        var total = doubled.Sum();
        var ways = new double[total + 1]; // at most 2^25 each: exact
        ways[0] = 1;
        foreach (var rank in doubled)
        {
            for (var sum = total; sum >= rank; sum--)
                ways[sum] += ways[sum - rank];
        }

        var smaller = (int)(2 * positive);
        smaller = Math.Min(smaller, total - smaller);
        return Math.Min(1, 2 * ways.Take(smaller + 1).Sum() / Math.Pow(2, ranks.Length));
    }

    private static double Approximate(double[] ranks, double[] sizes, double positive)
    {
        var n = (double)ranks.Length;
        var ties = sizes.CountBy(s => s).Sum(tie => Math.Pow(tie.Value, 3) - tie.Value);
        var variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48;
        var z = (positive - n * (n + 1) / 4) / Math.Sqrt(variance);
        return Math.Min(1, 2 * Normal.CDF(0, 1, -Math.Abs(z)));
    }
}
