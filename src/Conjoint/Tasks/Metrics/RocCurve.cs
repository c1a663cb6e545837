namespace Conjoint.Tasks.Metrics;

/// <summary>The receiver operating characteristic of scores against the truth, and the area under it.</summary>
public sealed class RocCurve
{
    private RocCurve(IReadOnlyList<RocPoint> points) => Points = points;

    /// <summary>One point a different score, from (0, 1) to (1, 0) in sensitivity and specificity; straight lines join them.</summary>
    public IReadOnlyList<RocPoint> Points { get; }

    /// <summary>Draws the curve.</summary>
    /// <param name="scores">Higher means more likely positive; any scale.</param>
    /// <param name="labels">Whether a case is positive, in the same order.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score is NaN, or there is no positive or no negative case.</exception>
    public static RocCurve Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var (positives, negatives) = Count(scores, labels);
        if (positives == 0 || negatives == 0)
            throw new ArgumentException($"A ROC curve needs positive and negative cases; there are {positives} and {negatives}.", nameof(labels));

        var falling = new double[scores.Length];
        for (var i = 0; i < falling.Length; i++)
            falling[i] = -scores[i];
        var positive = labels.ToArray();
        Array.Sort(falling, positive);

        var points = new List<RocPoint> { new(double.PositiveInfinity, 0, 1) };
        var (found, alarms) = (0, 0);
        for (var first = 0; first < falling.Length;)
        {
            var next = MidRanks.EndOfTie(falling, first);
            var hits = positive.AsSpan(first, next - first).Count(true);
            found += hits;
            alarms += next - first - hits;
            points.Add(new RocPoint(-falling[first], (double)found / positives, (double)(negatives - alarms) / negatives));
            first = next;
        }

        return new RocCurve(points);
    }

    /// <summary>Area under the ROC curve: how often a positive case scores above a negative one, ties by half.</summary>
    /// <param name="scores">Higher means more likely positive; any scale.</param>
    /// <param name="labels">Whether a case is positive, in the same order.</param>
    /// <returns>In [0, 1], 0.5 for chance; NaN when there is no positive or no negative case.</returns>
    /// <exception cref="ArgumentException">The lengths differ or a score is NaN.</exception>
    public static double Auc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        var (positives, negatives) = Count(scores, labels);
        if (positives == 0 || negatives == 0)
            return double.NaN;

        // Mann and Whitney: the positives' ranks among all, less those among themselves.
        var ranks = MidRanks.Of(scores);
        var sum = 0.0;
        for (var i = 0; i < ranks.Length; i++)
            sum += labels[i] ? ranks[i] : 0;
        return (sum - positives * (positives + 1.0) / 2) / ((double)positives * negatives);
    }

    /// <summary>The largest sensitivity of any threshold that keeps a specificity.</summary>
    /// <param name="specificity">At least this share of the negative cases is called negative; in [0, 1].</param>
    /// <returns>In [0, 1]; of a point of the curve, without interpolation.</returns>
    public double SensitivityAt(double specificity)
    {
        if (!(specificity is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(specificity), specificity, "A specificity lies between 0 and 1.");
        return Points.Where(p => p.Specificity >= specificity).Max(p => p.Sensitivity);
    }

    /// <summary>Counts positive and negative cases, and refuses what has no rank.</summary>
    internal static (int Positives, int Negatives) Count(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        if (scores.Length != labels.Length)
            throw new ArgumentException($"There are {scores.Length} scores and {labels.Length} labels.", nameof(scores));
        foreach (var score in scores)
        {
            if (double.IsNaN(score))
                throw new ArgumentException("A score is NaN; every case needs a number.", nameof(scores));
        }

        var positives = labels.Count(true);
        return (positives, labels.Length - positives);
    }
}
