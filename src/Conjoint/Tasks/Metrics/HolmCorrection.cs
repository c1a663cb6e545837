namespace Conjoint.Tasks.Metrics;

/// <summary>Holm's step-down correction of p-values for the number of comparisons made.</summary>
/// <remarks>Source: Holm, "A Simple Sequentially Rejective Multiple Test Procedure" (1979).</remarks>
public static class HolmCorrection
{
    /// <summary>Adjusted p-values: comparing them with α keeps the chance of any false finding at α.</summary>
    /// <param name="pValues">In [0, 1], one a comparison; may be empty.</param>
    /// <returns>In the same order: the i-th smallest of m times m − i + 1, never below a smaller one's, at most 1.</returns>
    /// <exception cref="ArgumentException">A value lies outside [0, 1].</exception>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        if (pValues.Any(p => !(p is >= 0 and <= 1)))
            throw new ArgumentException($"p-values must lie between 0 and 1: [{string.Join(", ", pValues)}].", nameof(pValues));

        var adjusted = new double[pValues.Count];
        var largest = 0.0;
        foreach (var (step, index) in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).Index())
        {
            largest = Math.Max(largest, Math.Min(1, pValues[index] * (pValues.Count - step)));
            adjusted[index] = largest;
        }

        return adjusted;
    }
}
