namespace Conjoint.Tasks.Metrics;

/// <summary>Exact Euclidean distances to a set of voxels on an anisotropic grid, in time linear in the number of voxels.</summary>
/// <remarks>
/// Source: Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions" (2012): the squared distance is a
/// minimum of parabolas along each axis in turn. Spacing enters as the parabolas' abscissae, i·s instead of i.
/// </remarks>
internal static class DistanceTransform
{
    /// <summary>Squared distance in mm² from every voxel centre to the nearest site's centre.</summary>
    /// <param name="sites">Whether a voxel is a site, in the grid's order.</param>
    /// <param name="grid">The grid.</param>
    /// <returns>One value a voxel; positive infinity everywhere when there is no site.</returns>
    public static double[] Squared(ReadOnlySpan<bool> sites, VoxelGrid grid)
    {
        var (slices, height, width) = (grid.Slices, grid.Height, grid.Width);
        var distances = new double[checked((int)grid.Count)];
        for (var i = 0; i < distances.Length; i++)
            distances[i] = sites[i] ? 0 : double.PositiveInfinity;

        var envelope = new LowerEnvelope(Math.Max(slices, Math.Max(height, width)));
        for (var line = 0; line < slices * height; line++)
            envelope.Transform(distances, line * width, 1, width, grid.ColumnSpacing);
        for (var slice = 0; slice < slices; slice++)
        {
            for (var column = 0; column < width; column++)
                envelope.Transform(distances, slice * height * width + column, width, height, grid.RowSpacing);
        }

        for (var line = 0; line < height * width; line++)
            envelope.Transform(distances, line, height * width, slices, grid.SliceSpacing);
        return distances;
    }

    /// <summary>One-dimensional transform; its arrays are reused from line to line.</summary>
    private sealed class LowerEnvelope(int longest)
    {
        private readonly double[] _values = new double[longest];
        private readonly int[] _vertices = new int[longest];        // positions of the parabolas in the envelope
        private readonly double[] _boundaries = new double[longest]; // where each of them begins, in mm

        public void Transform(double[] data, int offset, int stride, int count, double spacing)
        {
            var parabolas = 0;
            for (var q = 0; q < count; q++)
            {
                var value = _values[q] = data[offset + q * stride];
                if (double.IsPositiveInfinity(value))
                    continue; // no parabola: it would meet the others at infinity minus infinity
                var begin = double.NegativeInfinity;
                while (parabolas > 0)
                {
                    begin = Meeting(_vertices[parabolas - 1], q, spacing);
                    if (begin > _boundaries[parabolas - 1])
                        break;
                    parabolas--;
                    begin = double.NegativeInfinity;
                }

                _vertices[parabolas] = q;
                _boundaries[parabolas++] = begin;
            }

            if (parabolas == 0)
                return;
            var k = 0;
            for (var q = 0; q < count; q++)
            {
                while (k + 1 < parabolas && _boundaries[k + 1] < q * spacing)
                    k++;
                var distance = (q - _vertices[k]) * spacing;
                data[offset + q * stride] = distance * distance + _values[_vertices[k]];
            }
        }

        /// <summary>Where the parabolas over p and q (p before q) have the same height, in mm.</summary>
        private double Meeting(int p, int q, double spacing)
        {
            var (xp, xq) = (p * spacing, q * spacing);
            return (_values[q] + xq * xq - (_values[p] + xp * xp)) / (2 * (xq - xp));
        }
    }
}
