using Conjoint.Nets.Detection;
using static TorchSharp.torch;

namespace Conjoint.Tests.Nets.Detection;

public sealed class RoiAlignTests
{
    private static readonly Region[] s_regions =
    [
        new(0, new BoxCorners(3, 5, 20, 17)),
        new(1, new BoxCorners(-6, -4, 9.5, 30)),
        new(1, new BoxCorners(10, 10, 10.4, 10.2)),
        new(0, new BoxCorners(60, 60, 70, 80)),
        new(0, new BoxCorners(3, 5, 20, 17)),
    ];

    [Theory]
    [InlineData(2, false, 3, 4)]
    [InlineData(1, true, 2, 2)]
    [InlineData(0, false, 3, 2)]
    [InlineData(-1, true, 2, 5)]
    public void It_agrees_with_plain_loops(int samples, bool aligned, int height, int width)
    {
        using var scope = NewDisposeScope();
        var pooling = new RoiAlign { Height = height, Width = width, SamplingRatio = samples, Aligned = aligned };
        // Eleven channels: a whole vector and a rest, whatever the machine's width.
        var maps = Noise.Normal(1, 2, 11, 7, 9);
        var expected = ReferenceRoiAlign.Pool(maps, s_regions, pooling, 0.25);
        AssertClose(expected, pooling.Pool(maps, s_regions, 0.25), 1e-12);
        AssertClose(expected, pooling.Pool(maps.to(ScalarType.Float32), s_regions, 0.25).to(ScalarType.Float64), 1e-5);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(0, true)]
    public void Its_gradient_is_that_of_central_differences(int samples, bool aligned)
    {
        var pooling = new RoiAlign { Height = 2, Width = 3, SamplingRatio = samples, Aligned = aligned };
        using var maps = Noise.Normal(2, 2, 3, 5, 6);
        using var weights = Noise.Normal(3, s_regions.Length, 3, 2, 3);
        CentralDifferences.AssertGradient(x => (pooling.Pool(x, s_regions, 0.25) * weights).sum(), maps);
    }

    // On a plane that rises by 2 a column and 3 a row, the mean over a bin is the value at its centre. Aligned, the box 1..5 × 2..6
    // begins at 0.5 and 1.5 in cells; bins of 2: centres 1.5, 3.5 along and 2.5, 4.5 down.
    [Fact]
    public void A_plane_is_pooled_to_its_values_at_the_bins_centres()
    {
        using var scope = NewDisposeScope();
        var map = (arange(8, ScalarType.Float64).reshape(1, -1) * 2 + arange(8, ScalarType.Float64).reshape(-1, 1) * 3).reshape(1, 1, 8, 8);
        var pooled = new RoiAlign { Height = 2, Width = 2, Aligned = true }.Pool(map, [new Region(0, new BoxCorners(1, 2, 5, 6))], 1);
        Assert.Equal([10.5, 14.5, 16.5, 20.5], pooled.reshape(-1).data<double>().ToArray());
    }

    [Fact]
    public void Half_precision_comes_back_as_half_precision()
    {
        using var scope = NewDisposeScope();
        var maps = ones([1, 2, 4, 4], ScalarType.BFloat16).requires_grad_();
        var pooled = new RoiAlign().Pool(maps, [new Region(0, new BoxCorners(0, 0, 3, 3))], 1);
        pooled.sum().backward();
        Assert.Equal((ScalarType.BFloat16, ScalarType.BFloat16), (pooled.dtype, maps.grad!.dtype));
        Assert.Equal(1, pooled.mean().to(ScalarType.Float32).item<float>());
    }

    [Fact]
    public void No_region_gives_no_rows_and_no_gradient()
    {
        using var scope = NewDisposeScope();
        var maps = ones([1, 2, 4, 4]).requires_grad_();
        var pooled = new RoiAlign().Pool(maps, [], 1);
        pooled.sum().backward();
        Assert.Equal([0, 2, 7, 7], pooled.shape);
        Assert.Equal(0, maps.grad!.abs().sum().item<float>());
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        using var scope = NewDisposeScope();
        var maps = ones(1, 2, 4, 4);
        var pooling = new RoiAlign { SamplingRatio = 0 };
        Assert.Throws<ArgumentException>(() => pooling.Pool(maps[0], [], 1));
        Assert.Throws<ArgumentException>(() => pooling.Pool(maps, [], 0));
        Assert.Throws<ArgumentException>(() => pooling.Pool(maps, [new Region(1, new BoxCorners(0, 0, 1, 1))], 1));
        Assert.Throws<ArgumentException>(() => pooling.Pool(maps, [new Region(0, new BoxCorners(0, 0, double.NaN, 1))], 1));
        Assert.Throws<ArgumentException>(() => pooling.Pool(maps, [new Region(0, new BoxCorners(0, 0, 1e12, 1))], 1));
    }

    [Fact]
    public void The_pyramid_pools_each_region_from_its_level_in_the_order_given()
    {
        using var scope = NewDisposeScope();
        var pyramid = new PyramidRoiAlign { Pooling = new RoiAlign { Height = 1, Width = 1 } };
        Tensor[] maps = [.. Enumerable.Range(0, 3).Select(level => full([1, 1, 128 >> level, 128 >> level], (double)level, ScalarType.Float64))];
        // 112² is level 3, just below is 2, 224² is 4, and nothing lies above it here.
        Region[] regions = [.. new double[] { 224, 111, 112, 500, 0 }.Select(size => new Region(0, new BoxCorners(0, 0, size, size)))];
        Assert.Equal([2.0, 0, 1, 2, 0], pyramid.Pool(maps, regions).reshape(-1).data<double>().ToArray());
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var maps = Noise.Normal(4, 2, 3, 6, 6);
        LeakGuard.AssertOnlyResults(() => [new RoiAlign().Pool(maps, s_regions, 0.25)]);
        LeakGuard.AssertOnlyResults(() => [new PyramidRoiAlign().Pool([maps], s_regions)]);
        LeakGuard.AssertNothingIsLeft(() =>
        {
            using var scope = NewDisposeScope();
            new RoiAlign().Pool(maps.clone().requires_grad_(), s_regions, 0.25).sum().backward();
        });
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<double>(), 0, tolerance);
    }
}
