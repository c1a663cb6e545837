namespace Conjoint.Tasks.Metrics;

/// <summary>The receiver operating characteristic of scores for a yes-or-no question.</summary>
public static class RocCurve
{
    /// <summary>The area under the curve: how often a positive scores above a negative, ties counted by half.</summary>
    /// <param name="scores">The larger, the more likely positive.</param>
    /// <param name="labels">Which are positive.</param>
    /// <returns>In [0, 1]; NaN where one of the two kinds is missing.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Auc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        if (scores.Length != labels.Length)
            throw new ArgumentException($"{scores.Length} scores for {labels.Length} labels.", nameof(labels));
        double won = 0;
        long pairs = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            for (var j = 0; labels[i] && j < scores.Length; j++)
            {
                if (labels[j])
                    continue;
                pairs++;
                won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            }
        }

        return pairs == 0 ? double.NaN : won / pairs;
    }
}
