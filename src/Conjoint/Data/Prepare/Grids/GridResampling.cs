namespace Conjoint.Data;

/// <summary>
/// Brings the voxels of a volume to a new grid: values linearly along each axis, after a Gaussian where the grid becomes coarser;
/// labels from the nearest voxel; zeros where padding is.
/// </summary>
internal static class GridResampling
{
    /// <param name="values">[N, H, W] on the grid that was read.</param>
    /// <param name="grids">The three axes.</param>
    /// <returns>[N', H', W'].</returns>
    public static float[] Values(float[] values, IReadOnlyList<AxisGrid> grids)
    {
        int[] size = [.. grids.Select(g => g.Source)];
        // The axis that shrinks most comes first: least work, and nothing in between is larger than both ends.
        foreach (var axis in Enumerable.Range(0, 3).OrderBy(a => (double)grids[a].Filled / grids[a].Source))
        {
            var resampler = AxisResampler.OnGrid(grids[axis]);
            if (resampler.IsIdentity)
                continue;
            var (outer, inner) = (size.Take(axis).Aggregate(1, (a, b) => a * b), size.Skip(axis + 1).Aggregate(1, (a, b) => a * b));
            var result = new float[checked(outer * resampler.Target * inner)];
            if (inner == 1)
            {
                resampler.Rows(values, outer, result);
            }
            else
            {
                var (before, after) = (resampler.Source * inner, resampler.Target * inner);
                for (var o = 0; o < outer; o++)
                    resampler.Columns(values.AsSpan(o * before, before), inner, result.AsSpan(o * after, after), inner);
            }

            size[axis] = resampler.Target;
            values = result;
        }

        return Padded<float>(values, grids);
    }

    /// <param name="labels">[N, H, W] on the grid that was read.</param>
    /// <param name="grids">The three axes.</param>
    /// <returns>[N', H', W'].</returns>
    public static ushort[] Labels(ushort[] labels, IReadOnlyList<AxisGrid> grids)
    {
        var (slices, rows, columns) = (Nearest(grids[0]), Nearest(grids[1]), Nearest(grids[2]));
        var (height, width) = (grids[1].Source, grids[2].Source);
        var result = new ushort[checked(slices.Length * rows.Length * columns.Length)];
        var i = 0;
        foreach (var n in slices)
        {
            foreach (var h in rows)
            {
                var line = labels.AsSpan((n * height + h) * width, width);
                foreach (var w in columns)
                    result[i++] = line[w];
            }
        }

        return Padded<ushort>(result, grids);
    }

    private static int[] Nearest(AxisGrid grid)
    {
        var nearest = new int[grid.Filled];
        for (var i = 0; i < nearest.Length; i++)
            nearest[i] = Math.Clamp((int)Math.Floor(grid.Offset + grid.Step * (grid.First + i) + 0.5), 0, grid.Source - 1);
        return nearest;
    }

    private static T[] Padded<T>(T[] values, IReadOnlyList<AxisGrid> grids)
    {
        if (grids.All(g => g.Filled == g.Size))
            return values;
        var result = new T[checked(grids[0].Size * grids[1].Size * grids[2].Size)];
        var width = grids[2].Filled;
        for (var n = 0; n < grids[0].Filled; n++)
        {
            for (var h = 0; h < grids[1].Filled; h++)
            {
                var from = values.AsSpan((n * grids[1].Filled + h) * width, width);
                from.CopyTo(result.AsSpan(((grids[0].First + n) * grids[1].Size + grids[1].First + h) * grids[2].Size + grids[2].First));
            }
        }

        return result;
    }
}
