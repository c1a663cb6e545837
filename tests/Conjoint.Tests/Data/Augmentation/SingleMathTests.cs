using System.Runtime.Intrinsics;
using Conjoint.Data.Augmentation;

namespace Conjoint.Tests.Data.Augmentation;

/// <summary>Against the runtime's functions in double precision.</summary>
public sealed class SingleMathTests
{
    [Fact]
    public void Exponentials_are_within_two_units_in_the_last_place()
    {
        Agree(SingleMath.Exp, Math.Exp, Steps(-87, 88.7, 200_000), units: 2);
        Assert.Equal([0f, 0f, 1f, float.PositiveInfinity, float.NaN], Of(SingleMath.Exp, [float.NegativeInfinity, -104, 0, float.PositiveInfinity, float.NaN]));
        Assert.Equal(MathF.Exp(-95), Of(SingleMath.Exp, [-95])[0], 3 * float.Epsilon); // too small for full precision
    }

    [Fact]
    public void Logarithms_are_within_two_units_in_the_last_place()
    {
        Agree(SingleMath.Log, Math.Log, Steps(1e-4, 2, 200_000), units: 2);
        Agree(SingleMath.Log, Math.Log, [.. Steps(-126, 127, 20_000).Select(e => (float)Math.Pow(2, e))], units: 2);
        Agree(SingleMath.Log, Math.Log, [float.Epsilon, 1e-44f, 1e-40f, 1.1754942e-38f, 1.17549435e-38f, float.MaxValue], units: 2);
        Assert.Equal([float.NegativeInfinity, 0, float.PositiveInfinity, float.NaN], Of(SingleMath.Log, [0, 1, float.PositiveInfinity, float.NaN]));
    }

    [Fact]
    public void Sines_and_cosines_of_turns_lie_on_the_circle_where_they_should()
    {
        var turns = Steps(0, 1, 100_001);
        var (sin, cos) = (Of(x => SingleMath.SinCosOfTurns(x).Sin, turns), Of(x => SingleMath.SinCosOfTurns(x).Cos, turns));
        for (var i = 0; i < turns.Length; i++)
        {
            Assert.Equal(Math.Sin(Math.Tau * turns[i]), sin[i], 2e-7);
            Assert.Equal(Math.Cos(Math.Tau * turns[i]), cos[i], 2e-7);
        }
    }

    private static void Agree(Func<Vector512<float>, Vector512<float>> function, Func<double, double> exact, float[] values, int units)
    {
        var found = Of(function, values);
        for (var i = 0; i < values.Length; i++)
        {
            var expected = exact(values[i]);
            Assert.True(Math.Abs(found[i] - expected) <= units * (MathF.BitIncrement(Math.Abs((float)expected)) - Math.Abs((float)expected)), $"f({values[i]:R}) is {found[i]:R}, not {expected:R}");
        }
    }

    private static float[] Of(Func<Vector512<float>, Vector512<float>> function, float[] values)
    {
        var result = new float[values.Length];
        Span<float> part = stackalloc float[Vector512<float>.Count];
        for (var i = 0; i < values.Length; i += part.Length)
        {
            var count = Math.Min(part.Length, values.Length - i);
            part.Clear();
            values.AsSpan(i, count).CopyTo(part);
            function(Vector512.Create<float>(part)).CopyTo(part);
            part[..count].CopyTo(result.AsSpan(i));
        }

        return result;
    }

    private static float[] Steps(double from, double to, int count) => [.. Enumerable.Range(0, count).Select(i => (float)(from + (to - from) * i / (count - 1)))];
}
