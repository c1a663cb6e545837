namespace Conjoint.Imaging;

/// <summary>The IHDR chunk.</summary>
/// <remarks>Specification: Portable Network Graphics (PNG) Specification, third edition, W3C, section 11.2.1.</remarks>
internal sealed record PngHeader(int Width, int Height, int BitDepth, PngColour Colour, bool IsInterlaced)
{
    /// <summary>The whole file begins so (section 5.2).</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Values stored for each pixel.</summary>
    public int Samples => Colour switch
    {
        PngColour.Rgb => 3,
        PngColour.GreyAlpha => 2,
        PngColour.RgbAlpha => 4,
        _ => 1,
    };

    /// <summary>Bits of one pixel.</summary>
    public int PixelBits => Samples * BitDepth;

    /// <summary>Bytes from a byte to the one that filters compare it with: those of a pixel, at least 1.</summary>
    public int FilterDistance => Math.Max(1, PixelBits / 8);

    /// <summary>Bytes of a row of <paramref name="pixels"/> pixels, without its filter byte.</summary>
    public long RowBytes(int pixels) => ((long)pixels * PixelBits + 7) / 8;
}
