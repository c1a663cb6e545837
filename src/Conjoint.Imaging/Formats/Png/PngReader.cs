using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Conjoint.Imaging;

/// <summary>Decodes PNG files of every colour type and depth.</summary>
internal static class PngReader
{
    /// <summary>One value a pixel: grey as stored, colours as luminance.</summary>
    public static Image ReadLuminance(string path) => ReadFile(path, static (file, path) =>
    {
        var chunks = PngChunks.Read(file, path);
        var header = chunks.Header;
        var pixels = Decode(chunks, toLuminance: true, path);
        return new Image(pixels, header.Width, header.Height);
    });

    /// <summary>Every sample as stored, pixel after pixel; a palette's indices are not looked up.</summary>
    public static float[] ReadStored(string path) => ReadFile(path, static (file, path) =>
        Decode(PngChunks.Read(file, path), toLuminance: false, path));

    private static T ReadFile<T>(string path, Func<Memory<byte>, string, T> decode)
    {
        using var stream = InputFile.Open(path);
        if (stream.Length > ImagingLimits.MaxArrayBytes)
            throw new InputDataException(path, $"has {stream.Length} bytes; a PNG file of at most {ImagingLimits.MaxArrayBytes} can be read");
        var file = ArrayPool<byte>.Shared.Rent((int)stream.Length);
        try
        {
            var length = InputFile.ReadAtMost(stream, file.AsSpan(0, (int)stream.Length), path);
            return decode(file.AsMemory(0, length), path);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(file);
        }
    }

    private static float[] Decode(PngChunks chunks, bool toLuminance, string path)
    {
        var header = chunks.Header;
        var rawBytes = 0L;
        foreach (var pass in PngPass.Of(header))
            rawBytes += pass.Bytes(header);
        if (rawBytes > ImagingLimits.MaxArrayBytes)
            throw new InputDataException(path, $"takes {rawBytes} bytes when decompressed; at most {ImagingLimits.MaxArrayBytes} can be read");
        if (rawBytes > ImagingLimits.MostInflated(chunks.PixelData.Length))
            throw new InputDataException(path, $"is a damaged PNG file: {chunks.PixelData.Length} compressed bytes can't hold {header.Width}×{header.Height} pixels");

        var raw = ArrayPool<byte>.Shared.Rent((int)rawBytes);
        try
        {
            Inflate(chunks.PixelData, raw.AsSpan(0, (int)rawBytes), path);
            var palette = toLuminance ? PngSamples.PaletteLuminance(chunks.Palette) : [];
            return Assemble(raw.AsSpan(0, (int)rawBytes), header, palette, toLuminance, path);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
        }
    }

    private static void Inflate(ReadOnlyMemory<byte> compressed, Span<byte> raw, string path)
    {
        MemoryMarshal.TryGetArray(compressed, out var segment);
        using var memory = new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false);
        using var inflater = new ZLibStream(memory, CompressionMode.Decompress);
        var length = InputFile.ReadAtMost(inflater, raw, path);
        if (length < raw.Length)
            throw new InputDataException(path, $"is a damaged PNG file: {raw.Length - length} bytes of its pixels are missing");

        // One read beyond the pixels makes the stream compare its Adler-32 checksum.
        Span<byte> end = stackalloc byte[1];
        InputFile.ReadAtMost(inflater, end, path);
    }

    /// <summary>Takes the filters off, pass by pass and row by row, and puts the values where they belong.</summary>
    private static float[] Assemble(Span<byte> raw, PngHeader header, float[] palette, bool toLuminance, string path)
    {
        var values = toLuminance ? 1 : header.Samples;
        if ((long)header.Width * header.Height * values > ImagingLimits.MaxVoxels)
            throw new InputDataException(path, $"holds {header.Width}×{header.Height}×{values} values; at most {ImagingLimits.MaxVoxels} can be read");
        var pixels = LargeArrays.Allocate<float>((long)header.Width * header.Height * values);
        var samples = new float[header.Width * header.Samples];
        var line = new float[header.Width * values];
        var zeros = new byte[header.RowBytes(header.Width)];

        foreach (var pass in PngPass.Of(header))
        {
            var columns = pass.Columns(header);
            if (columns == 0)
                continue;
            var rowBytes = (int)header.RowBytes(columns);
            var rows = pass.Rows(header);
            Unfilter(raw[..(rows * (rowBytes + 1))], rowBytes, zeros, header, path);
            for (var row = 0; row < rows; row++)
            {
                var destination = pixels.AsSpan((pass.FirstRow + row * pass.RowStep) * header.Width * values, header.Width * values);
                var target = header.IsInterlaced ? line.AsSpan(0, columns * values) : destination;
                var unpacked = toLuminance && header.Colour != PngColour.Grey ? samples.AsSpan(0, columns * header.Samples) : target;
                PngSamples.Unpack(raw.Slice(1, rowBytes), header.BitDepth, unpacked);
                if (toLuminance && header.Colour != PngColour.Grey)
                    PngSamples.ToLuminance(unpacked, header, palette, target, path);
                if (header.IsInterlaced)
                    Scatter(target, pass, values, destination);
                raw = raw[(rowBytes + 1)..];
            }
        }

        return pixels;
    }

    private static void Unfilter(Span<byte> rows, int rowBytes, ReadOnlySpan<byte> zeros, PngHeader header, string path)
    {
        var above = zeros[..rowBytes];
        for (; rows.Length > 0; rows = rows[(rowBytes + 1)..])
        {
            var row = rows.Slice(1, rowBytes);
            if (!PngFilter.Undo(rows[0], row, above, header.FilterDistance))
                throw new InputDataException(path, $"is a damaged PNG file: a row has the unknown filter {rows[0]}");
            above = row;
        }
    }

    private static void Scatter(ReadOnlySpan<float> line, PngPass pass, int values, Span<float> destination)
    {
        for (int from = 0, to = pass.FirstColumn * values; from < line.Length; from += values, to += pass.ColumnStep * values)
            line.Slice(from, values).CopyTo(destination[to..]);
    }
}
