using Conjoint.Tasks.Metrics;

namespace Conjoint.Tests.Tasks;

public sealed class SurfaceDistanceTests
{
    [Fact]
    public void Two_single_voxels_are_apart_by_their_distance_in_mm()
    {
        var grid = new VoxelGrid(3, 4, 5, 3, 1.1, 0.8);
        var (prediction, truth) = (new bool[60], new bool[60]);
        prediction[0] = true;                       // slice 0, row 0, column 0
        truth[2 * 20 + 3 * 5 + 4] = true;           // slice 2, row 3, column 4
        var expected = Math.Sqrt(6 * 6 + 3.3 * 3.3 + 3.2 * 3.2);
        var measured = SurfaceDistances.Between(prediction, truth, grid);
        Assert.Equal(expected, measured.Hd95, 12);
        Assert.Equal(expected, measured.Assd, 12);
        Assert.Equal(expected, measured.Hausdorff, 12);
    }

    [Fact]
    public void An_empty_mask_is_as_far_as_the_diagonal_and_two_empty_ones_have_no_distance()
    {
        var grid = new VoxelGrid(2, 3, 4, 3, 2, 1);
        var (full, empty) = (Enumerable.Repeat(true, 24).ToArray(), new bool[24]);
        var diagonal = Math.Sqrt(6 * 6 + 6 * 6 + 4 * 4);
        Assert.Equal(diagonal, SurfaceDistances.Between(full, empty, grid).Hd95, 12);
        Assert.Equal(diagonal, SurfaceDistances.Between(empty, full, grid).Assd, 12);
        Assert.True(double.IsNaN(SurfaceDistances.Between(empty, empty, grid).Hd95));
    }

    [Fact]
    public void In_a_plain_image_the_slice_axis_makes_no_surface()
    {
        var mask = new bool[25];
        for (var y = 1; y < 4; y++)
        {
            for (var x = 1; x < 4; x++)
                mask[y * 5 + x] = true;
        }

        Assert.Equal(9, SurfaceDistances.Surface(mask, new VoxelGrid(1, 5, 5)).Count(v => v));
        Assert.Equal(8, SurfaceDistances.Surface(mask, new VoxelGrid(1, 5, 5, IsPlanar: true)).Count(v => v)); // all but the middle
        Assert.Equal(Math.Sqrt(50), new VoxelGrid(1, 5, 5, 7, IsPlanar: true).Diagonal, 12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_distance_transform_equals_all_pairs(int seed)
    {
        var random = new Random(seed);
        var grid = new VoxelGrid(random.Next(1, 7), random.Next(1, 9), random.Next(1, 11), 3.1, 0.7, 1.3);
        var sites = new bool[grid.Count];
        for (var i = 0; i < sites.Length; i++)
            sites[i] = random.NextDouble() < 0.06;
        var fast = DistanceTransform.Squared(sites, grid);
        for (var i = 0; i < fast.Length; i++)
            Assert.Equal(NearestSite(sites, i, grid), fast[i], 9);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Surface_distances_equal_a_plain_double_loop(int seed, bool planar)
    {
        var random = new Random(seed);
        var grid = planar
            ? new VoxelGrid(1, 9, 12, 1, 0.7, 1.3, IsPlanar: true)
            : new VoxelGrid(6, 9, 8, 2.5, 0.7, 1.3);
        var (prediction, truth) = (Blob(random, grid), Blob(random, grid));
        var (there, back) = (Directed(prediction, truth, grid), Directed(truth, prediction, grid));
        var measured = SurfaceDistances.Between(prediction, truth, grid);
        Assert.Equal(there.Concat(back).Average(), measured.Assd, 9);
        Assert.Equal(Math.Max(there.Max(), back.Max()), measured.Hausdorff, 9);
        Assert.Equal(Math.Max(Percentile95(there), Percentile95(back)), measured.Hd95, 9);
    }

    private static double NearestSite(bool[] sites, int voxel, VoxelGrid grid)
    {
        var nearest = double.PositiveInfinity;
        for (var i = 0; i < sites.Length; i++)
        {
            if (sites[i])
                nearest = Math.Min(nearest, SquaredDistance(i, voxel, grid));
        }

        return nearest;
    }

    private static double SquaredDistance(int a, int b, VoxelGrid grid)
    {
        var plane = grid.Height * grid.Width;
        var n = (a / plane - b / plane) * grid.SliceSpacing;
        var y = (a % plane / grid.Width - b % plane / grid.Width) * grid.RowSpacing;
        var x = (a % grid.Width - b % grid.Width) * grid.ColumnSpacing;
        return n * n + y * y + x * x;
    }

    private static double[] Directed(bool[] from, bool[] to, VoxelGrid grid)
    {
        var target = SurfaceDistances.Surface(to, grid);
        return [.. SurfaceDistances.Surface(from, grid)
            .Index().Where(v => v.Item).Select(v => Math.Sqrt(NearestSite(target, v.Index, grid)))];
    }

    private static double Percentile95(double[] values)
    {
        Array.Sort(values);
        var rank = 0.95 * (values.Length - 1);
        var below = (int)rank;
        return below + 1 == values.Length ? values[below] : values[below] * (below + 1 - rank) + values[below + 1] * (rank - below);
    }

    private static bool[] Blob(Random random, VoxelGrid grid)
    {
        var mask = new bool[grid.Count];
        var centre = (random.Next(grid.Slices), random.Next(grid.Height), random.Next(grid.Width));
        var plane = grid.Height * grid.Width;
        for (var i = 0; i < mask.Length; i++)
        {
            var (n, y, x) = (i / plane - centre.Item1, i % plane / grid.Width - centre.Item2, i % grid.Width - centre.Item3);
            mask[i] = n * n + y * y + x * x < 9 && random.NextDouble() < 0.9;
        }

        mask[(centre.Item1 * grid.Height + centre.Item2) * grid.Width + centre.Item3] = true;
        return mask;
    }
}
