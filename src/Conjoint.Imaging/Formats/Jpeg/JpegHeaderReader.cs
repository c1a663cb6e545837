using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>Walks the segments of a JPEG file to its frame header.</summary>
internal static class JpegHeaderReader
{
    private const int StartOfScan = 0xDA;
    private const int EndOfImage = 0xD9;
    private const int Application1 = 0xE1;

    // The least a block of 8×8 pixels takes is about one bit; this leaves room for subsampled colours and long runs of empty blocks.
    private const int MaxPixelsPerByte = 2048;

    public static JpegHeader Read(string path)
    {
        using var stream = InputFile.Open(path);
        Span<byte> bytes = stackalloc byte[8];
        if (InputFile.ReadAtMost(stream, bytes[..2], path) < 2 || bytes is not [0xFF, 0xD8, ..])
            throw new InputDataException(path, "is no JPEG file: its first bytes are not the start-of-image marker");

        var orientation = ExifOrientation.Upright;
        while (true)
        {
            var marker = NextMarker(stream, path);
            if (marker is >= 0xD0 and <= 0xD8 or 0x01)
                continue; // Markers without a segment.
            if (marker is StartOfScan or EndOfImage)
                throw new InputDataException(path, "is a damaged JPEG file: it has no frame header before its first scan");
            InputFile.ReadExactly(stream, bytes[..2], path);
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
            if (length < 2)
                throw new InputDataException(path, "is a damaged JPEG file: a segment states a length below 2");
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                InputFile.ReadExactly(stream, bytes[..6], path);
                return Check(bytes, marker - 0xC0, orientation, stream.Length, path);
            }

            if (marker == Application1)
            {
                var segment = new byte[length - 2];
                InputFile.ReadExactly(stream, segment, path);
                orientation = orientation == ExifOrientation.Upright ? ExifOrientation.Of(segment) : orientation;
                continue;
            }

            stream.Position += length - 2;
        }
    }

    private static int NextMarker(FileStream stream, string path)
    {
        Span<byte> one = stackalloc byte[1];
        InputFile.ReadExactly(stream, one, path);
        if (one[0] != 0xFF)
            throw new InputDataException(path, "is a damaged JPEG file: expected a marker after a segment");
        while (one[0] == 0xFF)
            InputFile.ReadExactly(stream, one, path);
        return one[0];
    }

    private static JpegHeader Check(ReadOnlySpan<byte> fields, int process, int orientation, long fileBytes, string path)
    {
        var header = new JpegHeader(
            BinaryPrimitives.ReadUInt16BigEndian(fields[3..]), BinaryPrimitives.ReadUInt16BigEndian(fields[1..]), fields[0], fields[5], process, orientation);
        if (header.BitDepth != 8 || process > 2 || header.Components is not (1 or 3 or 4))
        {
            throw new InputDataException(path,
                $"is a JPEG of process {process}, {header.BitDepth} bits and {header.Components} components; expected baseline or progressive, 8 bits, grey or colour");
        }

        var pixels = (long)header.Width * header.Height;
        if (pixels == 0)
            throw new InputDataException(path, $"declares {header.Width}×{header.Height} pixels; expected at least one in each direction");
        if (pixels > ImagingLimits.MaxPixels)
            throw new InputDataException(path, $"declares {header.Width}×{header.Height} pixels; at most {ImagingLimits.MaxPixels} can be read");
        if (pixels / MaxPixelsPerByte > fileBytes)
            throw new InputDataException(path, $"is truncated or damaged: {fileBytes} bytes can't hold {header.Width}×{header.Height} pixels");
        return header;
    }
}
