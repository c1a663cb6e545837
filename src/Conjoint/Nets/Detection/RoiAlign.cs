using static TorchSharp.torch;

namespace Conjoint.Nets.Detection;

/// <summary>Pools the part of a map under each region to one size, by bilinear samples inside every bin.</summary>
/// <remarks>
/// The gradient reaches the map, not the boxes. Source: He et al., "Mask R-CNN" (2017), section 3; samples as torchvision:
/// further than one cell outside the map they count as zero, nearer they take the border's value.
/// </remarks>
public sealed record RoiAlign
{
    /// <summary>Bins down a region.</summary>
    public int Height { get; init; } = 7;

    /// <summary>Bins along a region.</summary>
    public int Width { get; init; } = 7;

    /// <summary>Samples in a bin along each axis; 0 or less takes as many as the bin has cells, rounded up.</summary>
    public int SamplingRatio { get; init; } = 2;

    /// <summary>Whether boxes are moved by half a cell, as their edges and the cells' centres ask for; else a region is at least one cell large.</summary>
    public bool Aligned { get; init; }

    /// <summary>Pools regions of the images that the maps were made from.</summary>
    /// <param name="maps">[B, C, h, w], one map an image; floating point.</param>
    /// <param name="regions">R regions in pixels of the images; finite.</param>
    /// <param name="scale">Cells of the map a pixel, such as 1/16.</param>
    /// <returns>[R, C, Height, Width] in the order of the regions, type and device of the maps; the caller's.</returns>
    /// <exception cref="ArgumentException">Shapes, scale or a region make no sense.</exception>
    public Tensor Pool(Tensor maps, IReadOnlyList<Region> regions, double scale)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(regions);
        if (maps.dim() != 4 || !maps.is_floating_point())
            throw new ArgumentException($"RoiAlign: maps [{string.Join(", ", maps.shape)}] of {maps.dtype} must be [B, C, h, w] in floating point.", nameof(maps));
        if (Height < 1 || Width < 1 || !(scale > 0 && double.IsFinite(scale)))
            throw new ArgumentException($"RoiAlign: {Height}×{Width} bins and the scale {scale} must be positive.", nameof(scale));
        for (var r = 0; r < regions.Count; r++)
        {
            if (regions[r].Image < 0 || regions[r].Image >= maps.shape[0] || !regions[r].Box.IsFinite)
                throw new ArgumentException($"RoiAlign: region {r}, {regions[r]}, must be finite and on one of {maps.shape[0]} images.", nameof(regions));
        }

        using var scope = NewDisposeScope();
        RegionWeights[] weights = [.. regions.Select(region => RegionWeights.Of(region, this, scale, (int)maps.shape[2], (int)maps.shape[3]))];

        // Channels last: a cell is then a run of memory. The kernel knows float32 and float64 on the CPU.
        var type = maps.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var cells = maps.to(type).cpu().permute(0, 2, 3, 1).contiguous();                   // [B, h, w, C]
        var pooled = RoiAlignFunction.apply(cells, weights, Height, Width);                 // [R, Height, Width, C]
        return pooled.permute(0, 3, 1, 2).to(maps.dtype).to(maps.device).MoveToOuterDisposeScope();
    }
}
