using System.Globalization;

namespace Conjoint.Tasks.Metrics;

/// <summary>Mean and sample standard deviation (n − 1) of a few numbers.</summary>
/// <param name="Mean">NaN for no numbers.</param>
/// <param name="Std">NaN for fewer than two numbers.</param>
/// <param name="Count">How many numbers there were.</param>
public readonly record struct MeanStd(double Mean, double Std, int Count)
{
    /// <summary>Takes the numbers that are there; NaN stands for "left out" and isn't one.</summary>
    public static MeanStd Of(IEnumerable<double> values)
    {
        double[] numbers = [.. values.Where(v => !double.IsNaN(v))];
        if (numbers.Length == 0)
            return new MeanStd(double.NaN, double.NaN, 0);
        var mean = numbers.Average();
        var std = numbers.Length < 2 ? double.NaN : Math.Sqrt(numbers.Sum(v => (v - mean) * (v - mean)) / (numbers.Length - 1));
        return new MeanStd(mean, std, numbers.Length);
    }

    /// <summary>For example <c>0.712 ± 0.034</c>; without the second part when there is one number.</summary>
    public override string ToString() => double.IsNaN(Std)
        ? Mean.ToString("0.000", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Mean:0.000} ± {Std:0.000}");
}
