using System.Runtime.InteropServices;

namespace Conjoint.Imaging;

/// <summary>The CRC-32 of PNG (ISO 3309, PNG specification annex D) and ZIP: reflected polynomial 0xEDB88320, eight bytes a step.</summary>
public static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of <paramref name="data"/>, continuing from <paramref name="previous"/> (0 to begin).</summary>
    public static uint Compute(ReadOnlySpan<byte> data, uint previous = 0)
    {
        var table = Table.AsSpan();
        var crc = ~previous;
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (var word in words)
        {
            var low = (uint)word ^ crc;
            var high = (uint)(word >> 32);
            crc = table[0x700 + (int)(low & 0xFF)] ^ table[0x600 + (int)((low >> 8) & 0xFF)]
                ^ table[0x500 + (int)((low >> 16) & 0xFF)] ^ table[0x400 + (int)(low >> 24)]
                ^ table[0x300 + (int)(high & 0xFF)] ^ table[0x200 + (int)((high >> 8) & 0xFF)]
                ^ table[0x100 + (int)((high >> 16) & 0xFF)] ^ table[(int)(high >> 24)];
        }

        foreach (var value in data[(words.Length * 8)..])
            crc = table[(int)((crc ^ value) & 0xFF)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[8 * 256];
        for (var n = 0u; n < 256; n++)
        {
            var c = n;
            for (var k = 0; k < 8; k++)
                c = (c & 1) != 0 ? Polynomial ^ (c >> 1) : c >> 1;
            table[n] = c;
        }

        for (var n = 256; n < table.Length; n++)
            table[n] = table[(int)(table[n - 256] & 0xFF)] ^ (table[n - 256] >> 8);
        return table;
    }
}
