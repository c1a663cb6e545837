namespace Conjoint.Tasks.Metrics;

/// <summary>How far apart the surfaces of two masks are, in mm.</summary>
/// <param name="Hd95">Maximum of the two directed 95th percentiles (linear interpolation between ranks).</param>
/// <param name="Assd">Average symmetric surface distance: the mean over both directions pooled.</param>
/// <param name="Hausdorff">The largest distance of all.</param>
/// <remarks>
/// A surface voxel is a foreground voxel with a face neighbour in the background or outside the volume; distances run between
/// voxel centres. One mask empty: all three are the volume's diagonal. Both empty: all three are NaN, to be left out.
/// </remarks>
public readonly record struct SurfaceDistances(double Hd95, double Assd, double Hausdorff)
{
    /// <summary>Measures both directions.</summary>
    /// <param name="prediction">Whether a voxel belongs to the predicted mask, in the grid's order.</param>
    /// <param name="truth">Whether a voxel belongs to the true mask, in the grid's order.</param>
    /// <param name="grid">The grid of both.</param>
    /// <exception cref="ArgumentException">A mask doesn't fill the grid.</exception>
    public static SurfaceDistances Between(ReadOnlySpan<bool> prediction, ReadOnlySpan<bool> truth, VoxelGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        if (prediction.Length != grid.Count || truth.Length != grid.Count)
        {
            throw new ArgumentException(
                $"Masks of {prediction.Length} and {truth.Length} voxels don't fill {grid.Slices}×{grid.Height}×{grid.Width}.", nameof(prediction));
        }

        var (hasPrediction, hasTruth) = (prediction.Contains(true), truth.Contains(true));
        if (!hasPrediction && !hasTruth)
            return new SurfaceDistances(double.NaN, double.NaN, double.NaN);
        if (!hasPrediction || !hasTruth)
            return new SurfaceDistances(grid.Diagonal, grid.Diagonal, grid.Diagonal);

        // Everything happens inside the box around both masks; it holds both surfaces.
        var box = Box.Around(prediction, truth, grid);
        var small = box.Shrink(grid);
        var predictedSurface = box.Cut(Surface(prediction, grid), grid);
        var trueSurface = box.Cut(Surface(truth, grid), grid);
        var toTruth = Directed(predictedSurface, trueSurface, small);
        var toPrediction = Directed(trueSurface, predictedSurface, small);
        return new SurfaceDistances(
            Math.Max(Percentile(toTruth, 0.95), Percentile(toPrediction, 0.95)),
            (toTruth.Sum() + toPrediction.Sum()) / (toTruth.Length + toPrediction.Length),
            Math.Max(toTruth[^1], toPrediction[^1]));
    }

    /// <summary>The mask's voxels with a face neighbour outside the mask or the volume.</summary>
    internal static bool[] Surface(ReadOnlySpan<bool> mask, VoxelGrid grid)
    {
        var (slices, height, width) = (grid.Slices, grid.Height, grid.Width);
        var plane = height * width;
        var surface = new bool[mask.Length];
        var i = 0;
        for (var n = 0; n < slices; n++)
        {
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++, i++)
                {
                    if (!mask[i])
                        continue;
                    surface[i] = x == 0 || x == width - 1 || y == 0 || y == height - 1
                        || !mask[i - 1] || !mask[i + 1] || !mask[i - width] || !mask[i + width]
                        || (!grid.IsPlanar && (n == 0 || n == slices - 1 || !mask[i - plane] || !mask[i + plane]));
                }
            }
        }

        return surface;
    }

    /// <summary>Distances in mm from each voxel of one surface to the other surface, ascending.</summary>
    private static double[] Directed(bool[] from, bool[] to, VoxelGrid grid)
    {
        var squared = DistanceTransform.Squared(to, grid);
        var distances = new List<double>();
        for (var i = 0; i < from.Length; i++)
        {
            if (from[i])
                distances.Add(Math.Sqrt(squared[i]));
        }

        distances.Sort();
        return [.. distances];
    }

    /// <summary>Linear interpolation between the two nearest ranks, as NumPy does by default.</summary>
    private static double Percentile(double[] ascending, double fraction)
    {
        var rank = fraction * (ascending.Length - 1);
        var below = (int)Math.Floor(rank);
        var above = Math.Min(below + 1, ascending.Length - 1);
        return ascending[below] + (rank - below) * (ascending[above] - ascending[below]);
    }

    /// <summary>The smallest box around two masks: first voxel and size along each axis.</summary>
    private readonly record struct Box(int Slice, int Row, int Column, int Slices, int Height, int Width)
    {
        public static Box Around(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second, VoxelGrid grid)
        {
            var (low, high) = ((N: int.MaxValue, Y: int.MaxValue, X: int.MaxValue), (N: 0, Y: 0, X: 0));
            var i = 0;
            for (var n = 0; n < grid.Slices; n++)
            {
                for (var y = 0; y < grid.Height; y++)
                {
                    for (var x = 0; x < grid.Width; x++, i++)
                    {
                        if (!first[i] && !second[i])
                            continue;
                        low = (Math.Min(low.N, n), Math.Min(low.Y, y), Math.Min(low.X, x));
                        high = (Math.Max(high.N, n), Math.Max(high.Y, y), Math.Max(high.X, x));
                    }
                }
            }

            return new Box(low.N, low.Y, low.X, high.N - low.N + 1, high.Y - low.Y + 1, high.X - low.X + 1);
        }

        public VoxelGrid Shrink(VoxelGrid grid) => grid with { Slices = Slices, Height = Height, Width = Width };

        public bool[] Cut(bool[] mask, VoxelGrid grid)
        {
            var cut = new bool[Slices * Height * Width];
            for (var n = 0; n < Slices; n++)
            {
                for (var y = 0; y < Height; y++)
                {
                    var source = ((Slice + n) * grid.Height + Row + y) * grid.Width + Column;
                    Array.Copy(mask, source, cut, (n * Height + y) * Width, Width);
                }
            }

            return cut;
        }
    }
}
