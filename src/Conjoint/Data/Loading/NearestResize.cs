namespace Conjoint.Data;

/// <summary>Resizing by the nearest source pixel, as the authors' release brings slices and masks to 224 × 224.</summary>
/// <remarks>Rows and columns are independent; pixel centres lie at halves, as in scikit-image's <c>resize</c> of order 0.</remarks>
public static class NearestResize
{
    /// <summary>The source row (or column) that a target row takes: ⌊(i + 1/2) · source / target⌋, in whole numbers.</summary>
    /// <param name="target">Rows of the target.</param>
    /// <param name="source">Rows of the source.</param>
    /// <param name="row">Row of the target.</param>
    public static int SourceOf(int row, int source, int target) => (int)((2L * row + 1) * source / (2L * target));

    /// <summary>Resizes one slice.</summary>
    /// <param name="slice">[height, width].</param>
    /// <param name="height">Rows of the source.</param>
    /// <param name="width">Columns of the source.</param>
    /// <param name="targetHeight">Rows of the result; at least 1.</param>
    /// <param name="targetWidth">Columns of the result; at least 1.</param>
    /// <returns>[targetHeight, targetWidth].</returns>
    /// <exception cref="ArgumentException">The values don't fill the slice, or a size isn't positive.</exception>
    public static T[] Apply<T>(ReadOnlySpan<T> slice, int height, int width, int targetHeight, int targetWidth)
    {
        if (height < 1 || width < 1 || targetHeight < 1 || targetWidth < 1 || slice.Length != (long)height * width)
            throw new ArgumentException($"{slice.Length} values can't go from {height}×{width} to {targetHeight}×{targetWidth}.", nameof(slice));
        var result = new T[checked(targetHeight * targetWidth)];
        for (var y = 0; y < targetHeight; y++)
        {
            var line = slice.Slice(SourceOf(y, height, targetHeight) * width, width);
            for (var x = 0; x < targetWidth; x++)
                result[y * targetWidth + x] = line[SourceOf(x, width, targetWidth)];
        }

        return result;
    }
}
