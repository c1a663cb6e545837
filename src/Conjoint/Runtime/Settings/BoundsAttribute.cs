using System.Globalization;

namespace Conjoint.Runtime.Settings;

/// <summary>The range of a number among the settings; for a list, of each of its entries. A null is in every range.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BoundsAttribute : Attribute
{
    /// <summary>The smallest allowed value.</summary>
    public double AtLeast { get; init; } = double.NegativeInfinity;

    /// <summary>Values have to be greater than this.</summary>
    public double Above { get; init; } = double.NegativeInfinity;

    /// <summary>The largest allowed value.</summary>
    public double AtMost { get; init; } = double.PositiveInfinity;

    /// <summary>Values have to be smaller than this.</summary>
    public double Below { get; init; } = double.PositiveInfinity;

    internal bool Contains(double value) => value >= AtLeast && value <= AtMost
        && (value > Above || double.IsNegativeInfinity(Above)) && (value < Below || double.IsPositiveInfinity(Below));

    /// <summary>The range in words, such as "above 0, at most 1".</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        void Add(string words, double value)
        {
            if (double.IsFinite(value))
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{words} {value}"));
        }

        Add("at least", AtLeast);
        Add("above", Above);
        Add("at most", AtMost);
        Add("below", Below);
        return string.Join(", ", parts);
    }
}
