using System.Buffers.Binary;

namespace Conjoint.Imaging;

/// <summary>Decodes RLE: PackBits, one segment for each byte of each sample, high bytes first (PS3.5 annex G).</summary>
internal static class DicomRunLength
{
    private const int HeaderBytes = 64;
    private const int MostSegments = 15;

    // Two bytes become at most 128.
    private const int MostInflation = 64;

    /// <summary>Decodes a frame; samples of a pixel lie together.</summary>
    /// <exception cref="InvalidDataException">Damaged.</exception>
    public static uint[] Decode(ReadOnlySpan<byte> bytes, int pixels, int samples, int sampleBytes)
    {
        if (bytes.Length < HeaderBytes)
            throw new InvalidDataException("its header is cut short");
        var segments = samples * sampleBytes;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != segments || segments > MostSegments)
            throw new InvalidDataException($"it has another number of segments than the {segments} that its pixels need");
        if ((long)bytes.Length * MostInflation < (long)pixels * segments)
            throw new InvalidDataException($"{bytes.Length} bytes can't hold {pixels} pixels");

        var values = new uint[pixels * samples];
        for (var segment = 0; segment < segments; segment++)
        {
            var start = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + 4 * segment)..]);
            var end = segment + 1 < segments ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[(8 + 4 * segment)..]) : (uint)bytes.Length;
            if (start < HeaderBytes || start > end || end > bytes.Length)
                throw new InvalidDataException("its segments lie outside of it");
            Unpack(bytes[(int)start..(int)end], values, segment / sampleBytes, samples);
        }

        return values;
    }

    /// <summary>Shifts each sample by a byte and puts the segment's bytes in.</summary>
    private static void Unpack(ReadOnlySpan<byte> segment, uint[] values, int sample, int samples)
    {
        var at = sample;
        var i = 0;
        while (at < values.Length)
        {
            if (i + 1 >= segment.Length)
                throw new InvalidDataException("a segment ends before its last pixels");
            var control = (sbyte)segment[i++];
            if (control == -128)
                continue;
            var count = control >= 0 ? control + 1 : 1 - control;
            if (control >= 0 && i + count > segment.Length)
                throw new InvalidDataException("a segment ends before its last pixels");
            for (var n = 0; n < count && at < values.Length; n++, at += samples)
                values[at] = (values[at] << 8) | segment[control >= 0 ? i + n : i];
            i += control >= 0 ? count : 1;
        }
    }
}
