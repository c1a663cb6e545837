using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// Where the stored voxels of a resampled, cut or padded volume lie: along each stored axis [slice, row, column], voxel i stands at
/// <see cref="Offset"/> + <see cref="Step"/>·i of the voxels that were read, turned as <see cref="SourceGrid"/> says, centres at whole numbers.
/// </summary>
/// <remarks>Immutable.</remarks>
public sealed record GridMap
{
    /// <summary>Voxels that were read along [slice, row, column].</summary>
    public required IReadOnlyList<int> SourceSize { get; init; }

    /// <summary>Stored voxels along [slice, row, column].</summary>
    public required IReadOnlyList<int> Size { get; init; }

    /// <summary>Distance between stored voxels, in voxels that were read; above 0.</summary>
    public required IReadOnlyList<double> Step { get; init; }

    /// <summary>Where the first stored voxel lies, in voxels that were read; below 0 where zeros were put around.</summary>
    public required IReadOnlyList<double> Offset { get; init; }

    /// <summary>From stored voxels to mm, given the map of the voxels that were read.</summary>
    internal Affine Compose(Affine read)
    {
        var rows = new double[3, 4];
        for (var axis = 0; axis < 3; axis++)
            (rows[axis, axis], rows[axis, 3]) = (Step[axis], Offset[axis]);
        return read.Compose(new Affine(rows));
    }

    /// <summary>Lays stored labels over the voxels that were read: each takes the label of the nearest stored voxel, 0 where none was stored.</summary>
    /// <param name="stored">[N, H, W] as stored.</param>
    /// <returns>[N, H, W] as read.</returns>
    /// <exception cref="ArgumentException">A length that does not match.</exception>
    public T[] ToSource<T>(ReadOnlySpan<T> stored)
        where T : struct
    {
        if (stored.Length != (long)Size[0] * Size[1] * Size[2])
            throw new ArgumentException($"{stored.Length} values don't fill {string.Join('×', Size)} voxels.", nameof(stored));
        var (slices, rows, columns) = (Nearest(0), Nearest(1), Nearest(2));
        var source = new T[checked(slices.Length * rows.Length * columns.Length)];
        for (var n = 0; n < slices.Length; n++)
        {
            for (var h = 0; h < rows.Length; h++)
            {
                if (slices[n] < 0 || rows[h] < 0)
                    continue;
                var from = stored.Slice((slices[n] * Size[1] + rows[h]) * Size[2], Size[2]);
                var to = source.AsSpan((n * rows.Length + h) * columns.Length, columns.Length);
                for (var w = 0; w < to.Length; w++)
                {
                    if (columns[w] >= 0)
                        to[w] = from[columns[w]];
                }
            }
        }

        return source;
    }

    /// <summary>For each voxel that was read along an axis, the nearest stored one; −1 where none is within half a stored voxel.</summary>
    private int[] Nearest(int axis)
    {
        var nearest = new int[SourceSize[axis]];
        for (var i = 0; i < nearest.Length; i++)
        {
            var at = Math.Floor((i - Offset[axis]) / Step[axis] + 0.5);
            nearest[i] = at >= 0 && at < Size[axis] ? (int)at : -1;
        }

        return nearest;
    }
}
