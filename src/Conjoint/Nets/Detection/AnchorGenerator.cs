namespace Conjoint.Nets.Detection;

/// <summary>The boxes of fixed sizes and shapes at every cell of a feature pyramid, from which proposals start.</summary>
/// <remarks>Source: Ren et al., "Faster R-CNN" (2015), section 3.1.1; order and rounding as torchvision.</remarks>
public sealed record AnchorGenerator
{
    /// <summary>Sizes of each level in pixels, the square roots of the areas; finest level first.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Sizes { get; init; } = [[32], [64], [128], [256], [512]];

    /// <summary>Height over width, the same at every level.</summary>
    public IReadOnlyList<double> AspectRatios { get; init; } = [0.5, 1, 2];

    /// <summary>Anchors of one cell at a level.</summary>
    public int PerCell(int level) => Sizes[level].Count * AspectRatios.Count;

    /// <summary>A level's anchors around the origin, with whole coordinates (ties to even): all sizes of the first shape, then of the next.</summary>
    /// <param name="level">Index of the level.</param>
    public BoxCorners[] OfCell(int level) =>
    [
        .. from ratio in AspectRatios
           from size in Sizes[level]
           let halfHeight = Math.Round(size * Math.Sqrt(ratio) / 2)
           let halfWidth = Math.Round(size / Math.Sqrt(ratio) / 2)
           select new BoxCorners(-halfWidth, -halfHeight, halfWidth, halfHeight),
    ];

    /// <summary>A level's anchors on an image: cell by cell along the rows, a cell's anchors together.</summary>
    /// <param name="level">Index of the level.</param>
    /// <param name="image">Height and width of the image in pixels.</param>
    /// <param name="grid">Height and width of the level's map in cells; the stride is their whole quotient.</param>
    /// <returns>Height × width × <see cref="PerCell"/> boxes; those at the border reach beyond the image.</returns>
    public BoxCorners[] OfLevel(int level, (int Height, int Width) image, (int Height, int Width) grid)
    {
        if (grid.Height < 1 || grid.Width < 1)
            throw new ArgumentException($"A map of {grid.Height}×{grid.Width} cells has no anchors.", nameof(grid));
        var (strideY, strideX) = (image.Height / grid.Height, image.Width / grid.Width);
        var cell = OfCell(level);
        var anchors = new List<BoxCorners>(grid.Height * grid.Width * cell.Length);
        for (var row = 0; row < grid.Height; row++)
        {
            for (var column = 0; column < grid.Width; column++)
            {
                foreach (var anchor in cell)
                    anchors.Add(anchor.Shift(column * strideX, row * strideY));
            }
        }

        return [.. anchors];
    }
}
