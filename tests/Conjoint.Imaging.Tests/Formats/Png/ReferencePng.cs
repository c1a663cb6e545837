using System.Buffers.Binary;
using System.IO.Compression;

namespace Conjoint.Imaging.Tests.Formats.Png;

/// <summary>A slow, obvious PNG encoder for every colour type, depth and filter, interlaced or not.</summary>
internal static class ReferencePng
{
    /// <summary>Encodes samples; a row's filter is its number modulo 5.</summary>
    public static byte[] Encode(int[] samples, int width, int height, int depth, int colour, bool interlaced, byte[]? palette = null)
    {
        var perPixel = colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        (int X, int Y, int Dx, int Dy)[] passes = interlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)];
        var raw = new List<byte>();
        foreach (var (x0, y0, dx, dy) in passes)
        {
            if (x0 >= width)
                continue;
            byte[]? above = null;
            for (var y = y0; y < height; y += dy)
            {
                var bits = new List<int>();
                for (var x = x0; x < width; x += dx)
                {
                    for (var s = 0; s < perPixel; s++)
                    {
                        for (var bit = depth - 1; bit >= 0; bit--)
                            bits.Add(samples[(y * width + x) * perPixel + s] >> bit & 1);
                    }
                }

                var row = new byte[(bits.Count + 7) / 8];
                for (var i = 0; i < bits.Count; i++)
                    row[i / 8] |= (byte)(bits[i] << (7 - i % 8));
                raw.AddRange(Filter(y % 5, row, above ?? new byte[row.Length], Math.Max(1, perPixel * depth / 8)));
                above = row;
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)colour, interlaced ? (byte)1 : (byte)0);
        var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            deflate.Write(raw.ToArray());
        var data = compressed.ToArray();

        // Two IDAT chunks, as encoders with small buffers write them, and an ancillary chunk to be passed over.
        return
        [
            0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. Chunk("IHDR", header), .. Chunk("tEXt", [1, 2, 3]), .. palette is null ? [] : Chunk("PLTE", palette),
            .. Chunk("IDAT", data[..(data.Length / 2)]), .. Chunk("IDAT", data[(data.Length / 2)..]), .. Chunk("IEND", []),
        ];
    }

    /// <summary>One chunk with its checksum.</summary>
    public static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        System.Text.Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Compute(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    /// <summary>Mends the checksum of every chunk that can still be found.</summary>
    public static void Repair(byte[] file)
    {
        for (var at = 8L; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at));
            if (at + 12 + length > file.Length)
                return;
            var crc = Crc32.Compute(file.AsSpan((int)at + 4, 4 + (int)length));
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan((int)(at + 8 + length)), crc);
            at += 12 + length;
        }
    }

    /// <summary>The formula of the specification, section 9.4.</summary>
    public static int Paeth(int a, int b, int c)
    {
        var p = a + b - c;
        int pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }

    private static byte[] Filter(int filter, byte[] row, byte[] above, int distance)
    {
        var filtered = new byte[row.Length + 1];
        filtered[0] = (byte)filter;
        for (var i = 0; i < row.Length; i++)
        {
            int a = i < distance ? 0 : row[i - distance], b = above[i], c = i < distance ? 0 : above[i - distance];
            filtered[i + 1] = (byte)(row[i] - filter switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => Paeth(a, b, c), _ => 0 });
        }

        return filtered;
    }
}
