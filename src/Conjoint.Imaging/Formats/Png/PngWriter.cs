using System.Buffers.Binary;
using System.IO.Compression;

namespace Conjoint.Imaging;

/// <summary>Encodes plain (not interlaced) PNG files.</summary>
internal static class PngWriter
{
    /// <summary>Makes a whole file.</summary>
    /// <param name="header">Grey or RGB, 8 or 16 bits.</param>
    /// <param name="bytes">All rows, 16-bit samples with their high bytes first.</param>
    public static byte[] Encode(PngHeader header, ReadOnlySpan<byte> bytes)
    {
        using var file = new MemoryStream();
        file.Write(PngHeader.Signature);

        Span<byte> fields = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(fields, header.Width);
        BinaryPrimitives.WriteInt32BigEndian(fields[4..], header.Height);
        (fields[8], fields[9]) = ((byte)header.BitDepth, (byte)header.Colour);
        fields[10..].Clear();
        WriteChunk(file, "IHDR"u8, fields);
        WriteChunk(file, "IDAT"u8, Compress(header, bytes));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static ReadOnlySpan<byte> Compress(PngHeader header, ReadOnlySpan<byte> bytes)
    {
        var rowBytes = (int)header.RowBytes(header.Width);
        var memory = new MemoryStream();
        using (var deflater = new ZLibStream(memory, CompressionLevel.Optimal, leaveOpen: true))
        {
            ReadOnlySpan<byte> above = new byte[rowBytes];
            var best = new byte[rowBytes + 1];
            var trial = new byte[rowBytes + 1];
            for (; bytes.Length > 0; bytes = bytes[rowBytes..])
            {
                var row = bytes[..rowBytes];
                Choose(row, above, header.FilterDistance, ref best, ref trial);
                deflater.Write(best);
                above = row;
            }
        }

        return memory.GetBuffer().AsSpan(0, (int)memory.Length);
    }

    /// <summary>Specification, section 12.7: of the five filters the one whose bytes, taken as signed, have the smallest sum.</summary>
    private static void Choose(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, ref byte[] best, ref byte[] trial)
    {
        var smallest = long.MaxValue;
        for (var filter = PngFilter.None; filter <= PngFilter.Paeth; filter++)
        {
            trial[0] = (byte)filter;
            PngFilter.Apply(filter, row, above, distance, trial.AsSpan(1));
            var sum = 0L;
            foreach (var value in trial.AsSpan(1))
                sum += Math.Abs((int)(sbyte)value);
            if (sum >= smallest)
                continue;
            smallest = sum;
            (best, trial) = (trial, best);
        }
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Compute(data, Crc32.Compute(type)));
        file.Write(number);
    }
}
