using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Conjoint.Data.Augmentation;

/// <summary>Elementary functions of vectors of floats, from their series in single precision.</summary>
/// <remarks>
/// Several times as fast as the runtime's, which compute in double precision; within a few units in the last place. Made of operations that
/// round alike everywhere, so that the bits are those of every machine.
/// </remarks>
internal static class SingleMath
{
    private const int MantissaBits = 23;
    private const int ExponentBias = 127;
    private const float Ln2High = 0.693145751953125f;               // ln 2 in 16 bits, so that its products with exponents are exact
    private const float Ln2Low = (float)(0.6931471805599453 - 0.693145751953125);
    private const float Log2E = 1.44269504f;
    private const float LeastExponent = -104;                       // e^-104 is nearer to 0 than to any other float
    private const float LargestExponent = 89;                       // and e^89 to infinity

    /// <summary>e^x of each element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        x = Vector512.Min(Vector512.Max(x, Vector512.Create(LeastExponent)), Vector512.Create(LargestExponent));
        var n = Vector512.Round(x * Log2E);
        var r = Fused(n, Vector512.Create(-Ln2Low), Fused(n, Vector512.Create(-Ln2High), x));     // |r| ≤ ln 2 / 2

        var sum = Fused(r, Vector512.Create(1 / 5040f), Vector512.Create(1 / 720f));
        sum = Fused(sum, r, Vector512.Create(1 / 120f));
        sum = Fused(sum, r, Vector512.Create(1 / 24f));
        sum = Fused(sum, r, Vector512.Create(1 / 6f));
        sum = Fused(sum, r, Vector512.Create(0.5f));
        sum = Fused(sum, r, Vector512<float>.One);
        sum = Fused(sum, r, Vector512<float>.One);

        // Times 2^n in two steps: either half is a float, where the whole may not be.
        var whole = Vector512.ConvertToInt32(n);
        var half = whole >> 1;
        return sum * PowerOf2(half) * PowerOf2(whole - half);
    }

    /// <summary>Natural logarithm of each element, none below 0; −∞ of 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x)
    {
        // Numbers too small for an exponent of their own are enlarged first.
        var isTiny = Vector512.LessThan(x, Vector512.Create(1.17549435e-38f));
        var normal = Vector512.ConditionalSelect(isTiny, x * (1 << MantissaBits), x);
        var bits = normal.AsInt32();
        // The exponent for which the rest lies between √½ and √2.
        var exponent = (bits - Vector512.Create(MathF.Sqrt(0.5f)).AsInt32()) >> MantissaBits;
        var m = (bits - (exponent << MantissaBits)).AsSingle();
        var e = Vector512.ConvertToSingle(exponent) - Vector512.ConditionalSelect(isTiny, Vector512.Create((float)MantissaBits), Vector512<float>.Zero);

        // ln m = 2 artanh((m − 1) / (m + 1))
        var s = (m - Vector512<float>.One) / (m + Vector512<float>.One);                          // |s| ≤ 0.172
        var square = s * s;
        var sum = Fused(square, Vector512.Create(2 / 9f), Vector512.Create(2 / 7f));
        sum = Fused(sum, square, Vector512.Create(2 / 5f));
        sum = Fused(sum, square, Vector512.Create(2 / 3f));
        sum = Fused(sum * square, s, s + s);
        var log = Fused(e, Vector512.Create(Ln2High), Fused(e, Vector512.Create(Ln2Low), sum));

        log = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<float>.Zero), Vector512.Create(float.NegativeInfinity), log);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(float.PositiveInfinity)), log, x); // ∞ and NaN stay
    }

    /// <summary>Sine and cosine of 2πx for each x of [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Sin, Vector512<float> Cos) SinCosOfTurns(Vector512<float> x)
    {
        var quarters = Vector512.Round(x * 4);
        var angle = Fused(quarters, Vector512.Create(-0.25f), x) * MathF.Tau;                     // |angle| ≤ π / 4
        var square = angle * angle;
        var sin = Fused(square, Vector512.Create(1 / 362880f), Vector512.Create(-1 / 5040f));
        sin = Fused(sin, square, Vector512.Create(1 / 120f));
        sin = Fused(sin, square, Vector512.Create(-1 / 6f));
        sin = Fused(sin * square, angle, angle);
        var cos = Fused(square, Vector512.Create(-1 / 3628800f), Vector512.Create(1 / 40320f));
        cos = Fused(cos, square, Vector512.Create(-1 / 720f));
        cos = Fused(cos, square, Vector512.Create(1 / 24f));
        cos = Fused(cos, square, Vector512.Create(-0.5f));
        cos = Fused(cos, square, Vector512<float>.One);

        // A quarter more: the sine is the cosine of before, the cosine the sine with its sign turned.
        var quarter = Vector512.ConvertToInt32(quarters);
        var isOdd = Vector512.Equals(quarter & Vector512<int>.One, Vector512<int>.One).AsSingle();
        var sinSign = (quarter & Vector512.Create(2)) << 30;
        var cosSign = ((quarter + Vector512<int>.One) & Vector512.Create(2)) << 30;
        return (
            (Vector512.ConditionalSelect(isOdd, cos, sin).AsInt32() ^ sinSign).AsSingle(),
            (Vector512.ConditionalSelect(isOdd, sin, cos).AsInt32() ^ cosSign).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOf2(Vector512<int> n) => ((n + Vector512.Create(ExponentBias)) << MantissaBits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fused(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);
}
