using MathNet.Numerics.Distributions;

namespace Conjoint.Tasks.Metrics;

/// <summary>The area under a ROC curve with DeLong's standard error: how far it would move with other patients.</summary>
/// <param name="Auc">In [0, 1]; NaN without a positive or a negative case.</param>
/// <param name="StandardError">At least 0, and 0 for a perfect separation; NaN with fewer than two positive or two negative cases.</param>
/// <remarks>
/// Sources: DeLong, DeLong and Clarke-Pearson, "Comparing the Areas under Two or More Correlated Receiver Operating
/// Characteristic Curves" (1988); by mid-ranks in O(n log n) after Sun and Xu, "Fast Implementation of DeLong's Algorithm" (2014).
/// </remarks>
public readonly record struct DeLong(double Auc, double StandardError)
{
    /// <summary>Computes area and standard error.</summary>
    /// <param name="scores">Higher means more likely positive; any scale.</param>
    /// <param name="labels">Whether a case is positive, in the same order.</param>
    /// <exception cref="ArgumentException">The lengths differ or a score is NaN.</exception>
    public static DeLong Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var (positives, negatives) = RocCurve.Count(scores, labels);
        var auc = RocCurve.Auc(scores, labels);
        if (positives < 2 || negatives < 2)
            return new DeLong(auc, double.NaN);

        var among = MidRanks.Of(scores);
        var variance = Variance(Placements(scores, labels, among, of: true), negatives) / positives
            + Variance(Placements(scores, labels, among, of: false), positives) / negatives;
        return new DeLong(auc, Math.Sqrt(variance));
    }

    /// <summary>The difference of the areas of two scores of the same cases, whose errors go together.</summary>
    /// <param name="first">Higher means more likely positive; any scale.</param>
    /// <param name="second">Of the same cases, in the same order; any scale.</param>
    /// <param name="labels">Whether a case is positive, in the same order.</param>
    /// <exception cref="ArgumentException">The lengths differ or a score is NaN.</exception>
    public static AucDifference Difference(ReadOnlySpan<double> first, ReadOnlySpan<double> second, ReadOnlySpan<bool> labels)
    {
        var (positives, negatives) = RocCurve.Count(first, labels);
        var difference = RocCurve.Auc(first, labels) - RocCurve.Auc(second, labels);
        if (positives < 2 || negatives < 2)
            return new AucDifference(difference, double.NaN);

        var (a, b) = (MidRanks.Of(first), MidRanks.Of(second));
        double[] ofPositives = [.. Placements(first, labels, a, of: true).Zip(Placements(second, labels, b, of: true), (x, y) => x - y)];
        double[] ofNegatives = [.. Placements(first, labels, a, of: false).Zip(Placements(second, labels, b, of: false), (x, y) => x - y)];
        return new AucDifference(difference, Math.Sqrt(Variance(ofPositives, negatives) / positives + Variance(ofNegatives, positives) / negatives));
    }

    /// <summary>The normal confidence interval of the area, clipped to [0, 1].</summary>
    /// <param name="confidence">Above 0, below 1; 0.95 takes 1.96 standard errors to either side.</param>
    /// <returns>Lower and upper end; NaN where the standard error is.</returns>
    public (double Low, double High) Interval(double confidence = 0.95)
    {
        if (!(confidence is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies between 0 and 1.");
        var reach = -Normal.InvCDF(0, 1, (1 - confidence) / 2) * StandardError;
        return (Math.Clamp(Auc - reach, 0, 1), Math.Clamp(Auc + reach, 0, 1));
    }

    /// <summary>For each case of one class, how many cases of the other class lie below it, ties by half: rank among all less rank among its own.</summary>
    private static double[] Placements(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, double[] among, bool of)
    {
        var own = new List<double>();
        var placements = new List<double>();
        for (var i = 0; i < scores.Length; i++)
        {
            if (labels[i] != of)
                continue;
            own.Add(scores[i]);
            placements.Add(among[i]);
        }

        var ranks = MidRanks.Of(own.ToArray());
        return [.. placements.Zip(ranks, (all, inside) => all - inside)];
    }

    /// <summary>Sample variance (n − 1) of placements as shares of the other class.</summary>
    private static double Variance(double[] placements, int others)
    {
        var mean = placements.Average();
        return placements.Sum(p => (p - mean) * (p - mean)) / (placements.Length - 1) / ((double)others * others);
    }
}
