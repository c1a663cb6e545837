using System.Globalization;

namespace Conjoint.Benchmarks.Statistics;

/// <summary>A 95 % interval.</summary>
/// <param name="Low">Its lower end; NaN where there is nothing to compute it from.</param>
/// <param name="High">Its upper end; NaN where there is nothing to compute it from.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Whether all of it lies above 0.</summary>
    public bool IsAbove0 => Low > 0;

    /// <summary>Whether all of it lies below 0.</summary>
    public bool IsBelow0 => High < 0;

    /// <summary>For example <c>[+0.012, +0.040]</c>.</summary>
    public override string ToString() => double.IsNaN(Low) ? "–" : string.Create(CultureInfo.InvariantCulture, $"[{Low:+0.000;-0.000;0.000}, {High:+0.000;-0.000;0.000}]");
}
