namespace Conjoint.Imaging;

/// <summary>A two-dimensional grey image in memory, rows from top to bottom; colour files are read as luminance.</summary>
public sealed class Image
{
    /// <summary>Wraps an array; it is not copied.</summary>
    /// <param name="pixels">[Height·Width], row by row.</param>
    /// <param name="width">Pixels in a row; at least 1.</param>
    /// <param name="height">Rows; at least 1.</param>
    /// <exception cref="ArgumentException">The array's length is not width·height.</exception>
    public Image(float[] pixels, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.LongLength != (long)width * height)
            throw new ArgumentException($"{pixels.LongLength} pixels don't fill {width}×{height}.", nameof(pixels));
        (Pixels, Width, Height) = (pixels, width, height);
    }

    /// <summary>The values as stored in the file (0..255 for 8 bit, 0..65535 for 16 bit).</summary>
    public float[] Pixels { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }
}
