using System.Runtime.InteropServices;

namespace Conjoint.Imaging;

/// <summary>Turns differences back into values, a row at a time.</summary>
internal static class TiffPredictor
{
    /// <summary>Undoes the predictor and turns the values of a row to little endian, in place.</summary>
    /// <param name="row">The bytes of a row of a strip or tile.</param>
    /// <param name="page">Says which predictor, how many bits, and in what byte order.</param>
    /// <param name="scratch">As long as the row.</param>
    public static void Undo(Span<byte> row, TiffPage page, Span<byte> scratch)
    {
        if (page.Predictor == 3)
        {
            UndoFloats(row, page.ChunkSamples, page.Bits / 8, scratch);
            return;
        }

        if (page.BigEndian)
            ElementConversion.ReverseBytes(row, page.Bits / 8);
        if (page.Predictor == 2)
            UndoDifferences(row, page.ChunkSamples, page.Bits);
    }

    private static void UndoDifferences(Span<byte> row, int samples, int bits)
    {
        switch (bits)
        {
            case 8:
                for (var i = samples; i < row.Length; i++)
                    row[i] += row[i - samples];
                break;
            case 16:
                var shorts = MemoryMarshal.Cast<byte, ushort>(row);
                for (var i = samples; i < shorts.Length; i++)
                    shorts[i] += shorts[i - samples];
                break;
            case 32:
                var ints = MemoryMarshal.Cast<byte, uint>(row);
                for (var i = samples; i < ints.Length; i++)
                    ints[i] += ints[i - samples];
                break;
            default:
                var longs = MemoryMarshal.Cast<byte, ulong>(row);
                for (var i = samples; i < longs.Length; i++)
                    longs[i] += longs[i - samples];
                break;
        }
    }

    /// <summary>TIFF Technical Note 3: the row holds all highest bytes, then all next ones, as differences of bytes.</summary>
    private static void UndoFloats(Span<byte> row, int samples, int size, Span<byte> scratch)
    {
        for (var i = samples; i < row.Length; i++)
            row[i] += row[i - samples];
        row.CopyTo(scratch);
        var count = row.Length / size;
        for (var i = 0; i < count; i++)
        {
            for (var part = 0; part < size; part++)
                row[i * size + size - 1 - part] = scratch[part * count + i];
        }
    }
}
