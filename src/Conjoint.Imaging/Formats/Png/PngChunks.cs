using System.Buffers.Binary;
using System.Text;

namespace Conjoint.Imaging;

/// <summary>The chunks of a PNG file that make up its pixels, checksums verified.</summary>
internal readonly ref struct PngChunks
{
    private PngChunks(PngHeader header, ReadOnlyMemory<byte> pixelData, ReadOnlySpan<byte> palette)
    {
        Header = header;
        PixelData = pixelData;
        Palette = palette;
    }

    public PngHeader Header { get; }

    /// <summary>The zlib stream: all IDAT chunks in one piece.</summary>
    public ReadOnlyMemory<byte> PixelData { get; }

    /// <summary>Three bytes (R, G, B) an entry; empty without PLTE chunk.</summary>
    public ReadOnlySpan<byte> Palette { get; }

    /// <summary>Walks through a file in memory. The IDAT chunks are moved together inside <paramref name="file"/>.</summary>
    public static PngChunks Read(Memory<byte> file, string path)
    {
        var bytes = file.Span;
        var header = PngHeaderReader.Parse(bytes, path);
        ReadOnlySpan<byte> palette = [];
        int dataStart = -1, dataEnd = -1;

        for (var at = PngHeaderReader.Bytes; ;)
        {
            if (bytes.Length - at < 12)
                throw new InputDataException(path, "is truncated: the PNG file ends without its IEND chunk");
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            var type = bytes.Slice(at + 4, 4);
            if (length > bytes.Length - at - 12)
                throw new InputDataException(path, $"is truncated: the PNG file ends inside chunk {Name(type)}");
            var data = bytes.Slice(at + 8, (int)length);
            if (Crc32.Compute(bytes.Slice(at + 4, 4 + data.Length)) != BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 8 + data.Length)..]))
                throw new InputDataException(path, $"is a damaged PNG file: the checksum of chunk {Name(type)} is wrong");

            at += 12 + data.Length;
            if (type.SequenceEqual("IDAT"u8))
            {
                if (dataStart < 0)
                    dataStart = dataEnd = at - 4 - data.Length;
                data.CopyTo(bytes[dataEnd..]);
                dataEnd += data.Length;
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = data;
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                break;
            }
            else if ((type[0] & 0x20) == 0)
            {
                throw new InputDataException(path, $"has the PNG chunk {Name(type)}, which is needed for its pixels and not known");
            }
        }

        if (dataStart < 0)
            throw new InputDataException(path, "is a PNG file without pixels: no IDAT chunk");
        if (header.Colour == PngColour.Palette && (palette.Length == 0 || palette.Length % 3 != 0))
            throw new InputDataException(path, "is a damaged PNG file: its palette is missing or incomplete");
        return new PngChunks(header, file[dataStart..dataEnd], palette);
    }

    private static string Name(ReadOnlySpan<byte> type)
    {
        foreach (var letter in type)
        {
            if (!char.IsAsciiLetter((char)letter))
                return $"0x{Convert.ToHexString(type)}";
        }

        return Encoding.ASCII.GetString(type);
    }
}
