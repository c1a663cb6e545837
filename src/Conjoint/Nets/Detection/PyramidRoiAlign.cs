using static TorchSharp.torch;

namespace Conjoint.Nets.Detection;

/// <summary><see cref="RoiAlign"/> from the level of a feature pyramid that suits each region's size.</summary>
/// <remarks>Source: Lin et al., "Feature Pyramid Networks for Object Detection" (2017), Eq. (1); the small margin is torchvision's.</remarks>
public sealed record PyramidRoiAlign
{
    private const double CanonicalSize = 224;   // the image of ImageNet
    private const int CanonicalLevel = 4;       // takes regions of that size
    private const double Margin = 1e-6;

    /// <summary>How a region is pooled from its level.</summary>
    public RoiAlign Pooling { get; init; } = new();

    /// <summary>Number k of the first map: a cell is 2^k pixels wide.</summary>
    public int FinestLevel { get; init; } = 2;

    /// <summary>Pools every region from its own level.</summary>
    /// <param name="maps">[B, C, h, w] from the finest level on, each half as fine as the one before.</param>
    /// <param name="regions">R regions in pixels of the images.</param>
    /// <returns>[R, C, Height, Width] in the order of the regions; the caller's.</returns>
    /// <exception cref="ArgumentException">There is no map, or a map or region makes no sense.</exception>
    public Tensor Pool(IReadOnlyList<Tensor> maps, IReadOnlyList<Region> regions)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(regions);
        if (maps.Count == 0)
            throw new ArgumentException("PyramidRoiAlign: there is no map to pool from.", nameof(maps));

        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        var order = new List<long>();   // which region each pooled row belongs to
        for (var m = 0; m < maps.Count; m++)
        {
            var level = FinestLevel + m;
            int[] ofLevel = [.. Enumerable.Range(0, regions.Count).Where(r => LevelOf(regions[r].Box, maps.Count) == level)];
            parts.Add(Pooling.Pool(maps[m], [.. ofLevel.Select(r => regions[r])], 1 / Math.Pow(2, level)));
            order.AddRange(ofLevel.Select(r => (long)r));
        }

        var back = tensor(order, ScalarType.Int64, device: maps[0].device).argsort();
        return cat(parts, 0).index_select(0, back).MoveToOuterDisposeScope();
    }

    /// <summary>The level of a box: one up for each doubling of its size, 4 from 224² to below 448².</summary>
    /// <param name="box">In pixels of the image.</param>
    /// <param name="levels">How many levels there are from <see cref="FinestLevel"/> on.</param>
    public int LevelOf(in BoxCorners box, int levels)
    {
        var size = Math.Sqrt(Math.Max(0, box.Area));
        var level = Math.Floor(CanonicalLevel + Math.Log2(size / CanonicalSize) + Margin);
        return (int)Math.Clamp(level, FinestLevel, FinestLevel + levels - 1);
    }
}
