using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Conjoint.Imaging;

/// <summary>From bytes to samples as the file stores them: bits, signs, planes and shared colours (PS3.5 section 8).</summary>
internal static class DicomStoredValues
{
    /// <summary>Unpacks a frame that isn't compressed; samples of a pixel come to lie together.</summary>
    /// <param name="bytes">The frame.</param>
    /// <param name="firstBit">Where in the first byte it begins; above 0 only for pixels of one bit.</param>
    /// <param name="header">How it is stored.</param>
    /// <param name="values">[rows · columns · samples].</param>
    public static void Unpack(ReadOnlySpan<byte> bytes, int firstBit, DicomHeader header, Span<uint> values)
    {
        if (header.Photometric == "YBR_FULL_422")
        {
            UnpackShared(bytes, header, values);
            return;
        }

        var pixels = header.Rows * header.Columns;
        var isPlanar = header.IsPlanar && header.Samples > 1;
        if (header.BitsAllocated == 16 && !isPlanar && !header.Syntax.IsBigEndian)
        {
            Widen(MemoryMarshal.Cast<byte, ushort>(bytes), values);
            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            var at = isPlanar ? i % header.Samples * pixels + i / header.Samples : i;
            values[i] = header.BitsAllocated == 1
                ? (uint)(bytes[(firstBit + at) / 8] >> ((firstBit + at) % 8)) & 1
                : Sample(bytes, at, header);
        }
    }

    /// <summary>Takes the stored bits, their sign, and the lookup table where there is one.</summary>
    public static void Convert(ReadOnlySpan<uint> stored, DicomHeader header, Span<double> values, DicomLut? lut)
    {
        // Codecs return the stored bits; in bytes they may lie higher.
        var high = header.Syntax.Codec is DicomCodec.Jpeg or DicomCodec.Jpeg2000 ? header.BitsStored - 1 : header.HighBit;
        var (left, right) = (31 - high, 32 - header.BitsStored);
        var i = 0;
        for (; lut is null && i <= values.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            var shifted = Vector.ShiftLeft(new Vector<uint>(stored[i..]), left);
            var (low, upper) = header.IsSigned
                ? ToDouble(Vector.ShiftRightArithmetic(shifted.As<uint, int>(), right))
                : ToDouble(Vector.ShiftRightLogical(shifted, right));
            low.CopyTo(values[i..]);
            upper.CopyTo(values[(i + Vector<double>.Count)..]);
        }

        for (; i < values.Length; i++)
        {
            long value = header.IsSigned ? (int)(stored[i] << left) >> right : (stored[i] << left) >> right;
            values[i] = lut is null ? value : lut[value];
        }
    }

    private static (Vector<double> Low, Vector<double> High) ToDouble(Vector<int> values)
    {
        Vector.Widen(values, out var low, out var high);
        return (Vector.ConvertToDouble(low), Vector.ConvertToDouble(high));
    }

    private static (Vector<double> Low, Vector<double> High) ToDouble(Vector<uint> values)
    {
        Vector.Widen(values, out var low, out var high);
        return (Vector.ConvertToDouble(low), Vector.ConvertToDouble(high));
    }

    private static void Widen(ReadOnlySpan<ushort> samples, Span<uint> values)
    {
        var i = 0;
        for (; i <= values.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(samples[i..]), out var low, out var high);
            low.CopyTo(values[i..]);
            high.CopyTo(values[(i + Vector<uint>.Count)..]);
        }

        for (; i < values.Length; i++)
            values[i] = samples[i];
    }

    private static uint Sample(ReadOnlySpan<byte> bytes, int at, DicomHeader header) => (header.BitsAllocated, header.Syntax.IsBigEndian) switch
    {
        (8, _) => bytes[at],
        (16, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * at)..]),
        (16, true) => BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * at)..]),
        (_, false) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * at)..]),
        (_, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 * at)..]),
    };

    /// <summary>YBR_FULL_422: two pixels are stored as Y Y Cb Cr.</summary>
    private static void UnpackShared(ReadOnlySpan<byte> bytes, DicomHeader header, Span<uint> values)
    {
        for (var pixel = 0; pixel < header.Rows * header.Columns; pixel++)
        {
            var pair = pixel / 2 * 4;
            values[3 * pixel] = Sample(bytes, pair + pixel % 2, header);
            // An odd number of pixels ends in half a pair, without a colour of its own.
            var hasColour = pair + 3 < bytes.Length * 8 / header.BitsAllocated;
            values[3 * pixel + 1] = hasColour ? Sample(bytes, pair + 2, header) : 128;
            values[3 * pixel + 2] = hasColour ? Sample(bytes, pair + 3, header) : 128;
        }
    }
}
