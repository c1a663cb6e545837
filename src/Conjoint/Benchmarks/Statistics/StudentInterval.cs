using Conjoint.Tasks.Metrics;
using MathNet.Numerics.Distributions;

namespace Conjoint.Benchmarks.Statistics;

/// <summary>Student's 95 % interval of the mean of a few independent differences (Student, The probable error of a mean, 1908).</summary>
public static class StudentInterval
{
    /// <summary>Computes it; NaN for fewer than two numbers.</summary>
    /// <param name="values">The differences, NaN for those left out.</param>
    public static Interval Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (mean, std, count) = MeanStd.Of(values);
        if (count < 2)
            return new Interval(double.NaN, double.NaN);
        var reach = StudentT.InvCDF(location: 0, scale: 1, freedom: count - 1, p: 0.975) * std / Math.Sqrt(count);
        return new Interval(mean - reach, mean + reach);
    }
}
