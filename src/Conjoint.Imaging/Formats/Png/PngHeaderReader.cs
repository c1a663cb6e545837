using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>Parses and checks the IHDR chunk.</summary>
internal static class PngHeaderReader
{
    /// <summary>Signature, chunk length, chunk type, 13 bytes of header, checksum.</summary>
    public const int Bytes = 8 + 8 + 13 + 4;

    /// <summary>Reads the header from the first bytes of a file.</summary>
    public static PngHeader Read(string path)
    {
        using var stream = InputFile.Open(path);
        Span<byte> start = stackalloc byte[Bytes];
        var length = InputFile.ReadAtMost(stream, start, path);
        return Parse(start[..length], path);
    }

    /// <summary>Parses the first bytes of a file.</summary>
    public static PngHeader Parse(ReadOnlySpan<byte> start, string path)
    {
        if (!start.StartsWith(PngHeader.Signature))
            throw new InputDataException(path, "is no PNG file: its first eight bytes are not the PNG signature");
        if (start.Length < Bytes)
            throw new InputDataException(path, "is truncated inside its PNG header");
        if (BinaryPrimitives.ReadUInt32BigEndian(start[8..]) != 13 || !start.Slice(12, 4).SequenceEqual("IHDR"u8))
            throw new InputDataException(path, "is a damaged PNG file: its first chunk is not IHDR");
        if (Crc32.Compute(start.Slice(12, 17)) != BinaryPrimitives.ReadUInt32BigEndian(start[29..]))
            throw new InputDataException(path, "is a damaged PNG file: the checksum of chunk IHDR is wrong");
        return Check(start.Slice(16, 13), path);
    }

    private static PngHeader Check(ReadOnlySpan<byte> fields, string path)
    {
        var width = BinaryPrimitives.ReadUInt32BigEndian(fields);
        var height = BinaryPrimitives.ReadUInt32BigEndian(fields[4..]);
        if (width is 0 or > int.MaxValue || height is 0 or > int.MaxValue)
            throw new InputDataException(path, $"declares {width}×{height} pixels; expected at least one in each direction");
        if ((long)width * height > ImagingLimits.MaxPixels)
            throw new InputDataException(path, $"declares {width}×{height} pixels; at most {ImagingLimits.MaxPixels} can be read");

        int depth = fields[8], colour = fields[9];
        var isAllowed = (PngColour)colour switch
        {
            PngColour.Grey => depth is 1 or 2 or 4 or 8 or 16,
            PngColour.Palette => depth is 1 or 2 or 4 or 8,
            PngColour.Rgb or PngColour.GreyAlpha or PngColour.RgbAlpha => depth is 8 or 16,
            _ => false,
        };
        if (!isAllowed)
            throw new InputDataException(path, $"declares PNG colour type {colour} with {depth} bits, which the PNG specification doesn't allow");
        if (fields[10] != 0 || fields[11] != 0 || fields[12] > 1)
            throw new InputDataException(path, "declares a PNG compression, filter or interlace method that the PNG specification doesn't know");
        return new PngHeader((int)width, (int)height, depth, (PngColour)colour, fields[12] == 1);
    }
}
