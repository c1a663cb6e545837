namespace Conjoint.Imaging;

/// <summary>Changes an array between C and Fortran order.</summary>
internal static class AxisReversal
{
    // A tile of 32 × 32 floats of source and destination stays in the first-level cache.
    private const int Tile = 32;

    /// <summary>Writes the array with its axes in reverse order.</summary>
    /// <param name="source">Values in C order of <paramref name="shape"/>.</param>
    /// <param name="shape">At least two axes.</param>
    /// <param name="destination">Receives the values in C order of the reversed shape.</param>
    public static void Apply<T>(ReadOnlySpan<T> source, ReadOnlySpan<int> shape, Span<T> destination)
    {
        if (source.IsEmpty)
            return;

        int first = shape[0], last = shape[^1];
        var middle = source.Length / first / last;
        var index = new int[shape.Length];
        for (var m = 0; m < middle; m++)
        {
            var reversed = 0;
            for (var axis = shape.Length - 2; axis >= 1; axis--)
                reversed = reversed * shape[axis] + index[axis];
            Transpose(source[(m * last)..], first, last, middle * last, destination[(reversed * first)..], middle * first);

            for (var axis = shape.Length - 2; axis >= 1 && ++index[axis] == shape[axis]; axis--)
                index[axis] = 0;
        }
    }

    private static void Transpose<T>(
        ReadOnlySpan<T> source, int rows, int columns, int sourceStride, Span<T> destination, int destinationStride)
    {
        for (var top = 0; top < rows; top += Tile)
        {
            var bottom = Math.Min(top + Tile, rows);
            for (var left = 0; left < columns; left += Tile)
            {
                var right = Math.Min(left + Tile, columns);
                for (var column = left; column < right; column++)
                {
                    var line = destination.Slice(column * destinationStride + top, bottom - top);
                    var from = top * sourceStride + column;
                    for (var i = 0; i < line.Length; i++, from += sourceStride)
                        line[i] = source[from];
                }
            }
        }
    }
}
