using System.IO.Compression;

namespace Conjoint.Imaging;

/// <summary>Takes the compression off a strip or tile; returns how many bytes came out, at most as many as there is room for.</summary>
internal static class TiffUnpacking
{
    private const int Clear = 256;
    private const int End = 257;
    private const int TableSize = 4096;

    /// <exception cref="InvalidDataException">The packed data are damaged.</exception>
    public static int Unpack(TiffCompression compression, ArraySegment<byte> packed, Span<byte> bytes) => compression switch
    {
        TiffCompression.Lzw => Lzw(packed, bytes),
        TiffCompression.PackBits => PackBits(packed, bytes),
        TiffCompression.Deflate or TiffCompression.OldDeflate => Deflate(packed, bytes),
        _ => Copy(packed, bytes),
    };

    private static int Copy(ReadOnlySpan<byte> packed, Span<byte> bytes)
    {
        var count = Math.Min(packed.Length, bytes.Length);
        packed[..count].CopyTo(bytes);
        return count;
    }

    private static int Deflate(ArraySegment<byte> packed, Span<byte> bytes)
    {
        using var memory = new MemoryStream(packed.Array!, packed.Offset, packed.Count, writable: false);
        using var inflater = new ZLibStream(memory, CompressionMode.Decompress);
        var count = inflater.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        // One read beyond the pixels makes the stream compare its checksum.
        Span<byte> end = stackalloc byte[1];
        inflater.ReadAtLeast(end, 1, throwOnEndOfStream: false);
        return count;
    }

    /// <summary>TIFF 6.0, section 9: a count of 0 to 127 before so many bytes and one more, −1 to −127 before a byte to repeat.</summary>
    private static int PackBits(ReadOnlySpan<byte> packed, Span<byte> bytes)
    {
        var to = 0;
        for (var from = 0; from < packed.Length && to < bytes.Length;)
        {
            var count = (int)(sbyte)packed[from++];
            if (count == -128)
                continue;
            var length = Math.Min(bytes.Length - to, Math.Abs(count) + 1);
            if (count >= 0)
            {
                length = Math.Min(length, packed.Length - from);
                packed.Slice(from, length).CopyTo(bytes[to..]);
                from += count + 1;
            }
            else
            {
                if (from == packed.Length)
                    break;
                bytes.Slice(to, length).Fill(packed[from++]);
            }

            to += length;
        }

        return to;
    }

    /// <summary>TIFF 6.0, section 13: codes of 9 to 12 bits, high bits first, one bit more a code before the table asks for it.</summary>
    private static int Lzw(ReadOnlySpan<byte> packed, Span<byte> bytes)
    {
        // An entry is a place in the output: each string was written there before, as the last one and one byte more.
        Span<int> starts = stackalloc int[TableSize];
        Span<int> lengths = stackalloc int[TableSize];
        int next = End + 1, width = 9, to = 0, last = -1, lastStart = 0, lastLength = 0;
        long bits = 0;
        var held = 0;
        for (var from = 0; to < bytes.Length;)
        {
            while (held < width && from < packed.Length)
            {
                bits = (bits << 8 | packed[from++]) & 0xFFFFFF;
                held += 8;
            }

            if (held < width)
                break;
            held -= width;
            var code = (int)(bits >> held) & ((1 << width) - 1);
            if (code == End)
                break;
            if (code == Clear)
            {
                (next, width, last) = (End + 1, 9, -1);
                continue;
            }

            if (code > next || (code == next && last < 0) || (last < 0 && code >= Clear))
                throw new InvalidDataException("A code has no string.");
            if (last >= 0 && next < TableSize)
            {
                (starts[next], lengths[next]) = (lastStart, lastLength + 1);
                next++;
                if (next + 1 == 1 << width && width < 12)
                    width++;
            }

            var length = code < Clear ? 1 : lengths[code];
            length = Math.Min(length, bytes.Length - to);
            if (code < Clear)
            {
                bytes[to] = (byte)code;
            }
            else
            {
                // Byte by byte: the string of the newest code reaches into what is being written.
                for (var i = 0; i < length; i++)
                    bytes[to + i] = bytes[starts[code] + i];
            }

            (last, lastStart, lastLength) = (code, to, length);
            to += length;
        }

        return to;
    }
}
