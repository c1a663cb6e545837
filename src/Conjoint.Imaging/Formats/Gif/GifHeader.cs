using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>Signature and logical screen of a GIF file.</summary>
/// <remarks>Specification: GIF89a, sections 17 and 18.</remarks>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
internal sealed record GifHeader(int Width, int Height)
{
    private const int Bytes = 13;

    // LZW codes have 12 bits at most and stand for 4096 pixels at best.
    private const int MaxPixelsPerByte = 4096;

    /// <exception cref="InputDataException">No GIF file, or of a size that its bytes can't hold.</exception>
    public static GifHeader Read(string path)
    {
        using var stream = InputFile.Open(path);
        Span<byte> bytes = stackalloc byte[Bytes];
        if (InputFile.ReadAtMost(stream, bytes, path) < Bytes || !bytes.StartsWith("GIF8"u8))
            throw new InputDataException(path, "is no GIF file: its first bytes are not GIF87a or GIF89a with a screen size");
        var header = new GifHeader(BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]));
        var pixels = (long)header.Width * header.Height;
        if (pixels == 0)
            throw new InputDataException(path, $"declares {header.Width}×{header.Height} pixels; expected at least one in each direction");
        if (pixels > ImagingLimits.MaxPixels)
            throw new InputDataException(path, $"declares {header.Width}×{header.Height} pixels; at most {ImagingLimits.MaxPixels} can be read");
        if (pixels / MaxPixelsPerByte > stream.Length)
            throw new InputDataException(path, $"is truncated or damaged: {stream.Length} bytes can't hold {header.Width}×{header.Height} pixels");
        return header;
    }
}
