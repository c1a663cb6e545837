using static TorchSharp.torch;

namespace Conjoint.Tests;

/// <summary>Float64 tensors of pseudo-random numbers from a seed, without touching the global generator.</summary>
internal static class Noise
{
    public static Tensor Normal(int seed, params long[] shape)
    {
        var random = new Random(seed);
        return Fill(shape, () => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }

    public static Tensor Uniform(int seed, double low, double high, params long[] shape)
    {
        var random = new Random(seed);
        return Fill(shape, () => low + (high - low) * random.NextDouble());
    }

    public static Tensor UnitRows(int seed, params long[] shape)
    {
        using var raw = Normal(seed, shape);
        return nn.functional.normalize(raw, p: 2, dim: shape.Length - 1);
    }

    private static Tensor Fill(long[] shape, Func<double> next)
    {
        var values = new double[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = next();
        return tensor(values, shape, ScalarType.Float64);
    }
}
