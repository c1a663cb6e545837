using MathNet.Numerics.Distributions;

namespace Conjoint.Tasks.Metrics;

/// <summary>The difference of two areas under ROC curves of the same cases, with the standard error of their pairing: see <see cref="DeLong.Difference"/>.</summary>
/// <param name="Difference">First less second, in [−1, 1].</param>
/// <param name="StandardError">At least 0; NaN with fewer than two positive or two negative cases.</param>
public readonly record struct AucDifference(double Difference, double StandardError)
{
    /// <summary>The normal confidence interval of the difference, clipped to [−1, 1].</summary>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <returns>Lower and upper end; NaN where the standard error is.</returns>
    public (double Low, double High) Interval(double confidence = 0.95)
    {
        if (!(confidence is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies between 0 and 1.");
        var reach = -Normal.InvCDF(0, 1, (1 - confidence) / 2) * StandardError;
        return (Math.Clamp(Difference - reach, -1, 1), Math.Clamp(Difference + reach, -1, 1));
    }
}
