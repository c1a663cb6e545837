using System.Numerics;
using System.Runtime.InteropServices;

namespace Conjoint.Imaging;

/// <summary>Half precision to single precision, whole spans at a time; exact for every value, infinities and NaN included.</summary>
public static class HalfConversion
{
    private const int ExponentAndMantissa = 0x7FFF;
    private const int HalfInfinity = 0x7C00;
    private const int SingleInfinity = 0x7F800000;

    // The bits of a half moved to a float's places read as value · 2^-112, because the exponent biases are 15 and 127.
    private const float BiasDifference = 5.192296858534828e33f;

    /// <summary>Widens every value.</summary>
    /// <param name="source">The halves.</param>
    /// <param name="destination">Receives as many floats as <paramref name="source"/> has values; may be longer.</param>
    /// <exception cref="ArgumentException">The destination is shorter than the source.</exception>
    public static void ToSingle(ReadOnlySpan<Half> source, Span<float> destination)
    {
        if (destination.Length < source.Length)
            throw new ArgumentException($"{source.Length} values don't fit into {destination.Length}.", nameof(destination));

        var bits = MemoryMarshal.Cast<Half, short>(source);
        var i = 0;
        for (; i <= bits.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(bits[i..]), out var low, out var high);
            Widen(low).CopyTo(destination[i..]);
            Widen(high).CopyTo(destination[(i + Vector<int>.Count)..]);
        }

        for (; i < bits.Length; i++)
            destination[i] = (float)source[i];
    }

    private static Vector<float> Widen(Vector<int> half)
    {
        var magnitude = half & new Vector<int>(ExponentAndMantissa);
        var scaled = (Vector.ShiftLeft(magnitude, 13).As<int, float>() * new Vector<float>(BiasDifference)).As<float, int>();
        var special = Vector.GreaterThanOrEqual(magnitude, new Vector<int>(HalfInfinity));
        var sign = half & new Vector<int>(int.MinValue);
        return (scaled | (special & new Vector<int>(SingleInfinity)) | sign).As<int, float>();
    }
}
