using System.Buffers;

namespace Conjoint.Imaging;

/// <summary>Decodes the strips and tiles of TIFF pages.</summary>
internal static class TiffReader
{
    /// <summary>Receives a run of pixels of a row, the values of all its samples, or of one sample in a planar page.</summary>
    private delegate void RunAction(ReadOnlySpan<byte> littleEndian, int x, int y, int plane);

    /// <summary>One value a pixel, upright: grey as stored, colours as luminance.</summary>
    public static Image ReadLuminance(string path, TiffPage page)
    {
        var stored = ReadPlanes(path, page, page.Colour == TiffColour.Rgb ? 3 : 1);
        var pixels = stored[0];
        if (page.Colour == TiffColour.Rgb)
        {
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = Luminance.Of(pixels[i], stored[1][i], stored[2][i]);
        }
        else if (page.Colour == TiffColour.Palette)
        {
            var colours = PaletteLuminance(page.Palette);
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = colours[(int)pixels[i]];
        }

        return Upright(page, pixels);
    }

    /// <summary>The first sample of each pixel, upright; a palette's indices are not looked up.</summary>
    public static Image ReadIndices(string path, TiffPage page) => Upright(page, ReadPlanes(path, page, 1)[0]);

    /// <summary>Hands every sample over.</summary>
    public static void Scan(string path, TiffPage page, ValueVisitor visitor)
    {
        var values = new double[page.ChunkWidth * page.ChunkSamples];
        Read(path, page, static () => { }, (run, _, _, _) =>
        {
            var part = values.AsSpan(0, run.Length / page.DType.SizeInBytes());
            ElementConversion.ToDouble(run, page.DType, part);
            visitor(part);
        });
    }

    private static Image Upright(TiffPage page, float[] stored) => ExifOrientation.Turn(stored, page.Width, page.Height, page.Orientation);

    private static float[][] ReadPlanes(string path, TiffPage page, int planes)
    {
        var pixels = new float[planes][];
        var values = Array.Empty<float>();
        Read(path, page, Allocate, (run, x, y, plane) =>
        {
            var count = run.Length / page.DType.SizeInBytes() / page.ChunkSamples;
            var part = values.AsSpan(0, count * page.ChunkSamples);
            if (plane >= planes)
                return;
            ElementConversion.ToSingle(run, page.DType, part);
            for (var sample = 0; sample < (page.IsPlanar ? 1 : planes); sample++)
            {
                var line = pixels[page.IsPlanar ? plane : sample].AsSpan(y * page.Width + x, count);
                for (var i = 0; i < line.Length; i++)
                    line[i] = part[i * page.ChunkSamples + sample];
            }
        });
        return pixels;

        void Allocate()
        {
            for (var plane = 0; plane < planes; plane++)
                pixels[plane] = new float[page.Width * page.Height];
            values = new float[page.ChunkWidth * page.ChunkSamples];
        }
    }

    private static void Read(string path, TiffPage page, Action allocate, RunAction action)
    {
        using var stream = InputFile.Open(path);
        allocate();
        var rowBytes = (int)page.RowBytes;
        var packed = ArrayPool<byte>.Shared.Rent((int)page.ByteCounts.Max());
        var bytes = ArrayPool<byte>.Shared.Rent(rowBytes * page.ChunkRows(0));
        var scratch = new byte[Math.Max(rowBytes, page.Bits < 8 ? page.ChunkWidth * page.ChunkSamples : 0)];
        try
        {
            for (var n = 0; n < page.Offsets.Length; n++)
            {
                var across = n % page.ChunksAcross;
                var down = n / page.ChunksAcross % page.ChunksDown;
                var chunk = bytes.AsSpan(0, rowBytes * page.ChunkRows(down));
                Unpack(stream, page, n, packed, chunk, path);

                int x = across * page.ChunkWidth, y = down * page.ChunkHeight;
                var count = Math.Min(page.ChunkWidth, page.Width - x) * page.ChunkSamples;
                var rows = Math.Min(page.ChunkHeight, page.Height - y);
                for (var row = 0; row < rows; row++)
                {
                    var line = chunk.Slice(row * rowBytes, rowBytes);
                    if (page.Bits < 8)
                    {
                        UnpackBits(line, page.Bits, scratch.AsSpan(0, count));
                        action(scratch.AsSpan(0, count), x, y + row, n / page.ChunksAcross / page.ChunksDown);
                    }
                    else
                    {
                        TiffPredictor.Undo(line, page, scratch);
                        action(line[..(count * page.DType.SizeInBytes())], x, y + row, n / page.ChunksAcross / page.ChunksDown);
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static void Unpack(FileStream stream, TiffPage page, int n, byte[] packed, Span<byte> chunk, string path)
    {
        stream.Position = page.Offsets[n];
        var length = (int)page.ByteCounts[n];
        InputFile.ReadExactly(stream, packed.AsSpan(0, length), path);
        try
        {
            var count = TiffUnpacking.Unpack(page.Compression, new ArraySegment<byte>(packed, 0, length), chunk);
            if (count < chunk.Length)
                throw new InputDataException(path, $"is truncated or damaged: strip or tile {n} has {count} bytes of pixels of {chunk.Length}");
        }
        catch (InvalidDataException fault)
        {
            throw new InputDataException(path, $"is a damaged TIFF file: strip or tile {n} can't be decompressed", fault);
        }
    }

    private static void UnpackBits(ReadOnlySpan<byte> row, int bits, Span<byte> values)
    {
        var mask = (1 << bits) - 1;
        for (var i = 0; i < values.Length; i++)
            values[i] = (byte)(row[i * bits / 8] >> (8 - bits - i * bits % 8) & mask);
    }

    /// <summary>The luminance of each colour on the scale of 0 to 255, like a palette of PNG.</summary>
    private static float[] PaletteLuminance(long[] palette)
    {
        var count = palette.Length / 3;
        var luminance = new float[count];
        for (var i = 0; i < count; i++)
            luminance[i] = Luminance.Of(palette[i] / 257f, palette[count + i] / 257f, palette[2 * count + i] / 257f);
        return luminance;
    }
}
