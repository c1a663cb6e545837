namespace Conjoint.Reporting;

/// <summary>How far numbers lie apart.</summary>
internal static class Spread
{
    /// <summary>Standard deviation with n − 1; null for fewer than two numbers.</summary>
    public static double? Std(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2)
            return null;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }
}
