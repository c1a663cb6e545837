namespace Conjoint.Imaging;

/// <summary>Copies a three-dimensional grid whose source is walked with any strides, negative ones included.</summary>
internal static class VoxelMover
{
    private const int Tile = 32;

    /// <summary>destination[x, y, z] = source[origin + x·strides[0] + y·strides[1] + z·strides[2]], x fastest.</summary>
    public static void Gather<T>(ReadOnlySpan<T> source, int origin, ReadOnlySpan<int> strides, Span<T> destination, ReadOnlySpan<int> size)
    {
        // The axis that is contiguous in the source is walked in tiles with x, so that both sides stay in the cache.
        var tiled = Math.Abs(strides[2]) == 1 ? 2 : 1;
        var outer = 3 - tiled;
        int[] destinationStride = [1, size[0], size[0] * size[1]];
        for (var o = 0; o < size[outer]; o++)
        {
            for (var top = 0; top < size[tiled]; top += Tile)
            {
                var bottom = Math.Min(top + Tile, size[tiled]);
                var width = Math.Abs(strides[0]) == 1 ? size[0] : Tile;
                for (var left = 0; left < size[0]; left += width)
                {
                    var count = Math.Min(width, size[0] - left);
                    for (var t = top; t < bottom; t++)
                    {
                        var line = destination.Slice(o * destinationStride[outer] + t * destinationStride[tiled] + left, count);
                        CopyLine(source, origin + o * strides[outer] + t * strides[tiled] + left * strides[0], strides[0], line);
                    }
                }
            }
        }
    }

    private static void CopyLine<T>(ReadOnlySpan<T> source, int from, int stride, Span<T> line)
    {
        if (stride == 1)
        {
            source.Slice(from, line.Length).CopyTo(line);
            return;
        }

        if (stride == -1)
        {
            source.Slice(from - line.Length + 1, line.Length).CopyTo(line);
            line.Reverse();
            return;
        }

        for (var i = 0; i < line.Length; i++, from += stride)
            line[i] = source[from];
    }
}
