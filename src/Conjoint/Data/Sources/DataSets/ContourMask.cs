using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>Draws the consensus of several readers' contours onto the grid of their scan.</summary>
internal static class ContourMask
{
    /// <summary>1 where at least half of the readers have the voxel inside one of their contours.</summary>
    /// <param name="reading">The readers' contours.</param>
    /// <param name="size">Voxels along x (columns), y (rows) and z (slices) of the file.</param>
    /// <param name="affine">From voxels to mm in RAS+; its third axis must be the patient's.</param>
    /// <param name="path">The contours' file, for messages.</param>
    /// <returns>x fastest, as the file's own voxels.</returns>
    /// <remarks>
    /// A contour runs over the first pixels outside of a nodule (LIDC's drawing rule), so that a voxel is inside when its centre is
    /// strictly within the polygon. A hole is cut out of what its own reader has drawn on the slice.
    /// </remarks>
    /// <exception cref="InputDataException">Slices aren't axial, or a contour lies on none of them.</exception>
    public static float[] Draw(LidcReading reading, IReadOnlyList<int> size, Affine affine, string path)
    {
        if (Math.Abs(affine[2, 0]) + Math.Abs(affine[2, 1]) > 1e-3 * Math.Abs(affine[2, 2]) || affine[2, 2] == 0)
            throw new InputDataException(path, "has contours on axial slices, but its scan's slices are not axial");
        var plane = size[0] * size[1];
        var mask = new float[plane * size[2]];
        var votes = new Dictionary<int, byte[]>();
        var drawn = new bool[plane];
        foreach (var reader in reading.Readers)
        {
            foreach (var slice in reader.GroupBy(c => SliceOf(c.ZMm, size[2], affine, path)))
            {
                Array.Clear(drawn);
                foreach (var contour in slice.OrderByDescending(c => c.Adds))
                    Fill(drawn, contour, size[0], size[1]);
                if (!votes.TryGetValue(slice.Key, out var count))
                    votes[slice.Key] = count = new byte[plane];
                for (var i = 0; i < plane; i++)
                    count[i] += drawn[i] ? (byte)1 : (byte)0;
            }
        }

        foreach (var (z, count) in votes)
        {
            for (var i = 0; i < plane; i++)
                mask[z * plane + i] = 2 * count[i] >= reading.Readers.Count && count[i] > 0 ? 1 : 0;
        }

        return mask;
    }

    private static int SliceOf(double zMm, int slices, Affine affine, string path)
    {
        var place = (zMm - affine[2, 3]) / affine[2, 2];
        var slice = (int)Math.Round(Math.Clamp(place, -1, slices));
        return slice >= 0 && slice < slices && Math.Abs(place - slice) <= 0.5
            ? slice
            : throw new InputDataException(path, FormattableString.Invariant($"has a contour at {zMm} mm, which is on none of the {slices} slices of its scan"));
    }

    /// <summary>Sets (or, for a hole, clears) the pixels whose centres are strictly inside, by the even-odd rule along rows.</summary>
    private static void Fill(bool[] drawn, LidcContour contour, int width, int height)
    {
        var points = contour.Points;
        var crossings = new List<double>();
        for (var y = Math.Max(0, points.Min(p => p.Y)); y <= Math.Min(height - 1, points.Max(p => p.Y)); y++)
        {
            crossings.Clear();
            for (var i = 0; i < points.Count; i++)
            {
                var (a, b) = (points[i], points[(i + 1) % points.Count]);
                if (a.Y > y != b.Y > y)
                    crossings.Add(a.X + (double)(y - a.Y) * (b.X - a.X) / (b.Y - a.Y));
            }

            crossings.Sort();
            for (var i = 0; i + 1 < crossings.Count; i += 2)
            {
                var last = Math.Min(width - 1, (int)Math.Ceiling(crossings[i + 1]) - 1);
                for (var x = Math.Max(0, (int)Math.Floor(crossings[i]) + 1); x <= last; x++)
                {
                    if (!IsOnLine(points, x, y))
                        drawn[y * width + x] = contour.Adds;
                }
            }
        }
    }

    /// <summary>Whether a pixel's centre lies on the line itself: even-odd alone takes those on upper edges for inside.</summary>
    private static bool IsOnLine(IReadOnlyList<(int X, int Y)> points, int x, int y)
    {
        for (var i = 0; i < points.Count; i++)
        {
            var (a, b) = (points[i], points[(i + 1) % points.Count]);
            if (y < Math.Min(a.Y, b.Y) || y > Math.Max(a.Y, b.Y) || x < Math.Min(a.X, b.X) || x > Math.Max(a.X, b.X))
                continue;
            if ((long)(b.X - a.X) * (y - a.Y) == (long)(b.Y - a.Y) * (x - a.X))
                return true;
        }

        return false;
    }
}
