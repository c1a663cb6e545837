using BenchmarkDotNet.Attributes;
using Conjoint.Data.Augmentation;
using Conjoint.Nets.Detection;
using static TorchSharp.torch;

namespace Conjoint.Bench;

/// <summary>256 regions of a map of 256 channels pooled to 7×7, and the gradient of the map.</summary>
[MemoryDiagnoser]
public class RoiAlignBenchmarks
{
    private readonly RoiAlign _pooling = new();
    private readonly Region[] _regions = Boxes.Make(256, 200).Select(box => new Region(0, box)).ToArray();
    private Tensor _map = null!;

    [GlobalSetup]
    public void Setup() => _map = tensor(Phantom.Make(256 * 50 * 50), [1, 256, 50, 50]);

    [Benchmark(Baseline = true)]
    public void Forward()
    {
        using var pooled = _pooling.Pool(_map, _regions, 0.25);
    }

    [Benchmark]
    public void ForwardAndBackward()
    {
        using var scope = NewDisposeScope();
        _pooling.Pool(_map.detach().requires_grad_(), _regions, 0.25).sum().backward();
    }
}

/// <summary>2000 boxes of one class, as of a pyramid level in training.</summary>
public class NonMaximumSuppressionBenchmarks
{
    private readonly BoxCorners[] _boxes = Boxes.Make(2000, 800);
    private readonly double[] _scores = Phantom.Make(2000).Select(s => (double)s).ToArray();

    [Benchmark]
    public int[] Keep() => NonMaximumSuppression.Keep(_boxes, _scores, 0.7);
}

internal static class Boxes
{
    /// <summary>Boxes of 10 to 100 pixels that lie on a square image.</summary>
    public static BoxCorners[] Make(int count, int side)
    {
        var random = RandomStream.For(0);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (width, height) = (random.Uniform(10, 100), random.Uniform(10, 100));
            var (x, y) = (random.Uniform(0, side - width), random.Uniform(0, side - height));
            return new BoxCorners(x, y, x + width, y + height);
        })];
    }
}
