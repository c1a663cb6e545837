using System.Numerics;
using System.Runtime.InteropServices;

namespace Conjoint.Imaging;

/// <summary>Whether numbers are numbers, whole spans at a time.</summary>
public static class FiniteValues
{
    /// <summary>Whether no value is infinite or NaN.</summary>
    /// <param name="values">Any number of values.</param>
    public static bool All(ReadOnlySpan<float> values)
    {
        // x − x is 0 for every finite x and NaN for the others, and a sum keeps NaN.
        var sum = Vector<float>.Zero;
        var whole = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var vector in whole)
            sum += vector - vector;
        var rest = 0f;
        foreach (var value in values[(whole.Length * Vector<float>.Count)..])
            rest += value - value;
        return Vector.Sum(sum) + rest == 0;
    }
}
