using Conjoint.Data;

namespace Conjoint.Tests.Data.Grids;

public sealed class GridResamplingTests
{
    /// <summary>Linear interpolation after a Gaussian, voxel by voxel along one axis, in double precision.</summary>
    private static double[] Reference(double[] line, AxisGrid grid)
    {
        var sigma = Math.Sqrt(Math.Max(0, grid.Step * grid.Step - 1)) / (2 * Math.Sqrt(2 * Math.Log(2)));
        double At(int i)
        {
            while (i < 0 || i >= line.Length)
                i = i < 0 ? -1 - i : 2 * line.Length - 1 - i;
            return line[i];
        }

        double Smooth(int i)
        {
            if (sigma == 0)
                return At(i);
            var (sum, weights) = (0.0, 0.0);
            var reach = (int)Math.Ceiling(4 * sigma);
            for (var k = -reach; k <= reach; k++)
            {
                var weight = Math.Exp(-k * k / (2 * sigma * sigma));
                (sum, weights) = (sum + weight * At(i + k), weights + weight);
            }

            return sum / weights;
        }

        return [.. Enumerable.Range(0, grid.Size).Select(i =>
        {
            if (i < grid.First || i >= grid.First + grid.Filled)
                return 0;
            var at = Math.Clamp(grid.Offset + grid.Step * i, 0, line.Length - 1);
            var below = (int)Math.Floor(at);
            return (1 - (at - below)) * Smooth(below) + (at - below) * Smooth(below + 1);
        })];
    }

    private static double[] Apply(double[] values, int[] size, AxisGrid[] grids)
    {
        for (var axis = 0; axis < 3; axis++)
        {
            var inner = size.Skip(axis + 1).Aggregate(1, (a, b) => a * b);
            var outer = size.Take(axis).Aggregate(1, (a, b) => a * b);
            var result = new double[outer * grids[axis].Size * inner];
            for (var o = 0; o < outer; o++)
            {
                for (var i = 0; i < inner; i++)
                {
                    var line = Enumerable.Range(0, size[axis]).Select(k => values[(o * size[axis] + k) * inner + i]).ToArray();
                    var after = Reference(line, grids[axis]);
                    for (var k = 0; k < after.Length; k++)
                        result[(o * after.Length + k) * inner + i] = after[k];
                }
            }

            (values, size) = (result, [.. size.Select((s, a) => a == axis ? grids[axis].Size : s)]);
        }

        return values;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Values_agree_with_a_plain_loop(int seed)
    {
        var random = new Random(seed);
        int[] size = [random.Next(1, 9), random.Next(1, 12), random.Next(1, 14)];
        var values = Enumerable.Range(0, size[0] * size[1] * size[2]).Select(_ => random.NextSingle()).ToArray();
        AxisGrid[] grids =
        [
            .. size.Select(s =>
            {
                var grid = AxisGrid.Resampled(s, 0.3 + 3 * random.NextDouble());
                return random.Next(3) switch { 0 => grid.CutTo(Math.Max(1, grid.Size / 2)), 1 => grid.FilledTo(grid.Size + random.Next(1, 4)), _ => grid };
            }),
        ];
        var expected = Apply([.. values.Select(v => (double)v)], size, grids);
        var found = GridResampling.Values(values, grids);
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-5);
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1.7)]
    [InlineData(3)]
    public void A_slope_stays_exact_away_from_the_borders(double step)
    {
        const int n = 60;
        var grid = AxisGrid.Resampled(n, step);
        var slope = Enumerable.Range(0, n).Select(i => 0.01f * i).ToArray();
        var found = GridResampling.Values(slope, [AxisGrid.Unchanged(1), AxisGrid.Unchanged(1), grid]);
        var reach = 4 * Math.Sqrt(Math.Max(0, step * step - 1)) / 2.355 + 2;
        var seen = 0;
        for (var i = 0; i < found.Length; i++)
        {
            var at = grid.Offset + grid.Step * i;
            if (at < reach || at > n - 1 - reach)
                continue;
            Assert.Equal(0.01 * at, found[i], 1e-5);
            seen++;
        }

        Assert.True(seen > 5);
    }

    [Fact]
    public void A_constant_stays_constant_up_to_the_borders()
    {
        var grids = new[] { AxisGrid.Resampled(7, 2.2), AxisGrid.Resampled(9, 0.6), AxisGrid.Resampled(11, 4) };
        Assert.All(GridResampling.Values([.. Enumerable.Repeat(0.25f, 7 * 9 * 11)], grids), v => Assert.Equal(0.25, v, 1e-6));
    }

    // The finest stripes are above what a grid of a third of the voxels can hold: without a Gaussian they would come out at random.
    [Fact]
    public void Stripes_too_fine_for_the_new_grid_become_their_mean()
    {
        var stripes = Enumerable.Range(0, 90).Select(i => (float)(i % 2)).ToArray();
        var found = GridResampling.Values(stripes, [AxisGrid.Unchanged(1), AxisGrid.Unchanged(1), AxisGrid.Resampled(90, 3)]);
        Assert.All(found[3..^3], v => Assert.Equal(0.5, v, 0.01));
    }

    [Fact]
    public void Labels_are_those_of_the_nearest_voxels()
    {
        // Step 0.5 on 0 7 9: places −0.25, 0.25, 0.75, 1.25, 1.75, 2.25.
        Assert.Equal<ushort>([0, 0, 7, 7, 9, 9], GridResampling.Labels([0, 7, 9], [AxisGrid.Unchanged(1), AxisGrid.Unchanged(1), AxisGrid.Resampled(3, 0.5)]));
        var random = new Random(4);
        var labels = Enumerable.Range(0, 8 * 9 * 10).Select(_ => (ushort)(random.Next(3) * 300)).ToArray();
        var found = GridResampling.Labels(labels, [AxisGrid.Resampled(8, 1.3), AxisGrid.Resampled(9, 0.7).FilledTo(20), AxisGrid.Resampled(10, 2.9)]);
        Assert.Subset(labels.ToHashSet(), found.ToHashSet());
    }

    [Fact]
    public void A_mask_goes_to_a_finer_grid_and_back_unchanged()
    {
        var random = new Random(5);
        int[] size = [5, 6, 7];
        var labels = Enumerable.Range(0, 210).Select(_ => (ushort)random.Next(4)).ToArray();
        AxisGrid[] grids = [AxisGrid.Resampled(5, 0.4), AxisGrid.Resampled(6, 1).FilledTo(9), AxisGrid.Resampled(7, 0.9)];
        var map = new GridMap { SourceSize = size, Size = [.. grids.Select(g => g.Size)], Step = [.. grids.Select(g => g.Step)], Offset = [.. grids.Select(g => g.Offset)] };
        Assert.Equal(labels, map.ToSource<ushort>(GridResampling.Labels(labels, grids)));
    }

    [Fact]
    public void What_was_cut_off_comes_back_as_background()
    {
        var grid = AxisGrid.Unchanged(6).CutTo(2);
        var map = new GridMap { SourceSize = [1, 1, 6], Size = [1, 1, 2], Step = [1, 1, 1], Offset = [0, 0, grid.Offset] };
        Assert.Equal<ushort>([0, 0, 4, 5, 0, 0], map.ToSource<ushort>([4, 5]));
        Assert.Throws<ArgumentException>(() => map.ToSource<ushort>([1]));
    }

    // Two peaks: 70 of 0.1 and 30 of 0.8. Every threshold between parts them alike; the lowest is the upper edge of the first's bin.
    [Fact]
    public void The_threshold_lies_above_the_darker_peak()
    {
        float[] values = [.. Enumerable.Repeat(0.1f, 70), .. Enumerable.Repeat(0.8f, 30)];
        Assert.Equal(26 / 256f, Foreground.Threshold(values));
        Assert.Equal(float.PositiveInfinity, Foreground.Threshold([.. Enumerable.Repeat(0.3f, 9)]));
    }

    [Fact]
    public void The_box_holds_what_is_bright_and_what_is_labelled()
    {
        var values = new float[4 * 5 * 6];
        values[(1 * 5 + 2) * 6 + 3] = 0.9f;
        values[(2 * 5 + 2) * 6 + 4] = 0.8f;
        Assert.Equal([(1, 2), (2, 2), (3, 4)], Foreground.Box(values, [], 4, 5, 6)!);
        var labels = new ushort[values.Length];
        labels[^1] = 1;
        Assert.Equal([(1, 3), (2, 4), (3, 5)], Foreground.Box(values, labels, 4, 5, 6)!);
        Assert.Null(Foreground.Box(new float[120], [], 4, 5, 6));
    }
}
