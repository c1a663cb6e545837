namespace Conjoint.Imaging;

/// <summary>Reads the pages' descriptions of a TIFF file and checks them against its length.</summary>
internal static class TiffHeaderReader
{
    private const int MaxPages = 1 << 14;
    private const int MaxSamples = 16;

    // A deflated byte becomes 1032 at most, an LZW code of 12 bits one string of 4096, two bytes of PackBits 128.
    private const long MostLzwInflation = 2800;
    private const long MostPackBitsInflation = 64;

    /// <summary>The pages that are images, not previews or masks of others; at least one.</summary>
    /// <exception cref="InputDataException">Damaged, or of a kind that can't be read.</exception>
    public static IReadOnlyList<TiffPage> Read(string path)
    {
        using var stream = InputFile.Open(path);
        var (bigEndian, isBig, next) = TiffDirectory.ReadStart(stream, path);
        var pages = new List<TiffPage>();
        var seen = new HashSet<long>();
        var described = 0L;
        while (next != 0)
        {
            if (!seen.Add(next) || seen.Count > MaxPages)
                throw new InputDataException(path, $"is a damaged TIFF file: its pages follow one another in a circle, or are more than {MaxPages}");
            var directory = TiffDirectory.Read(stream, path, next, bigEndian, isBig);
            next = directory.Next;
            // Bit 0 marks a smaller copy of another page, bit 2 a mask of its opacity.
            if ((directory.Number(254, 0) & 5) != 0)
                continue;
            var page = ReadPage(directory, bigEndian, stream.Length, path);
            pages.Add(page);
            // Many pages may point at one long list of strips; together they describe no more than a file can hold.
            described += page.Offsets.Length;
            if (described > stream.Length)
                throw new InputDataException(path, "is a damaged TIFF file: its pages describe more strips than it has bytes");
        }

        return pages.Count > 0 ? pages : throw new InputDataException(path, "is a TIFF file without an image");
    }

    private static TiffPage ReadPage(TiffDirectory tags, bool bigEndian, long fileBytes, string path)
    {
        long width = tags.Number(256, 0), height = tags.Number(257, 0), samples = tags.Number(277, 1);
        if (width is < 1 or > int.MaxValue || height is < 1 or > int.MaxValue || width * height > ImagingLimits.MaxPixels)
            throw new InputDataException(path, $"declares {width}×{height} pixels; expected at least one in each direction and at most {ImagingLimits.MaxPixels}");
        if (samples is < 1 or > MaxSamples)
            throw new InputDataException(path, $"declares {samples} samples a pixel; expected 1 to {MaxSamples}");

        var bits = Same(tags.Numbers(258, samples), 1, "bits", path);
        var compression = CompressionOf(tags.Number(259, 1), path);
        var colour = ColourOf(tags.Number(262, 1), samples, path);
        var dtype = TypeOf(bits, Same(tags.Numbers(339, samples), 1, "sample formats", path), path);
        var predictor = tags.Number(317, 1);
        if (predictor is not (1 or 2 or 3) || (predictor == 3 && dtype.IsInteger()) || (predictor == 2 && bits < 8))
            throw new InputDataException(path, $"has TIFF predictor {predictor} for values of {bits} bits; expected 1, 2 or, for floats, 3");
        if (compression is not (TiffCompression.Lzw or TiffCompression.Deflate or TiffCompression.OldDeflate))
            predictor = 1; // the specification has it with these alone
        if (tags.Number(266, 1) != 1 && bits < 8)
            throw new InputDataException(path, "has its bits in the order from low to high (FillOrder 2); expected high to low");

        var isTiled = tags.Number(322, 0) != 0;
        var chunkWidth = isTiled ? tags.Number(322, 0) : width;
        var chunkHeight = isTiled ? tags.Number(323, 0) : Math.Min(tags.Number(278, height), height);
        // A tile may reach beyond the image, but not by more than makes sense.
        if (chunkWidth is < 1 or > int.MaxValue || chunkHeight is < 1 or > int.MaxValue || chunkWidth * chunkHeight > ImagingLimits.MaxPixels)
            throw new InputDataException(path, $"declares strips or tiles of {chunkWidth}×{chunkHeight} pixels; expected at least one in each direction and at most {ImagingLimits.MaxPixels}");

        var page = new TiffPage
        {
            Width = (int)width,
            Height = (int)height,
            Bits = bits,
            DType = dtype,
            Samples = (int)samples,
            Colour = colour,
            Compression = compression,
            Predictor = (int)predictor,
            IsPlanar = samples > 1 && tags.Number(284, 1) == 2,
            BigEndian = bigEndian,
            ChunkWidth = (int)chunkWidth,
            ChunkHeight = (int)chunkHeight,
            IsTiled = isTiled,
            Orientation = ExifOrientation.OrUpright(tags.Number(ExifOrientation.Tag, ExifOrientation.Upright)),
            Offsets = [],
            ByteCounts = [],
            Palette = colour == TiffColour.Palette ? PaletteOf(tags, bits, path) : [],
        };
        return WithChunks(page, tags, fileBytes, path);
    }

    private static TiffPage WithChunks(TiffPage page, TiffDirectory tags, long fileBytes, string path)
    {
        var count = (long)page.ChunksAcross * page.ChunksDown * (page.IsPlanar ? page.Samples : 1);
        var offsets = tags.Numbers(page.IsTiled ? 324 : 273, count);
        var counts = tags.Numbers(page.IsTiled ? 325 : 279, count);
        if (counts.Length == 0 && page.Compression == TiffCompression.None && offsets.Length == count)
            counts = [.. offsets.Select((_, n) => ChunkBytes(page, n))]; // some writers leave out what follows from the rest
        if (offsets.Length < count || counts.Length < count)
            throw new InputDataException(path, $"is a damaged TIFF file: it has {Math.Min(offsets.Length, counts.Length)} strips or tiles of {count}");

        Int128 all = 0;
        for (var n = 0; n < count; n++)
        {
            if (offsets[n] < 8 || counts[n] < 0 || offsets[n] > fileBytes - counts[n])
                throw new InputDataException(path, $"is truncated or damaged: strip or tile {n} lies outside the file");
            var bytes = ChunkBytes(page, n);
            if (bytes > Most(page.Compression, counts[n]))
                throw new InputDataException(path, $"is truncated or damaged: {counts[n]} bytes of strip or tile {n} can't hold its {bytes} bytes of pixels");
            all += counts[n];
        }

        if (all > fileBytes)
            throw new InputDataException(path, "is a damaged TIFF file: its strips or tiles lie over one another");
        return page with { Offsets = offsets, ByteCounts = counts };
    }

    private static long ChunkBytes(TiffPage page, int n) =>
        page.RowBytes * page.ChunkRows(n / page.ChunksAcross % page.ChunksDown) is var bytes && bytes <= ImagingLimits.MaxArrayBytes ? bytes : long.MaxValue;

    private static long Most(TiffCompression compression, long bytes) => compression switch
    {
        TiffCompression.Lzw => bytes * MostLzwInflation,
        TiffCompression.PackBits => bytes * MostPackBitsInflation,
        TiffCompression.Deflate or TiffCompression.OldDeflate => ImagingLimits.MostInflated(bytes),
        _ => bytes,
    };

    private static int Same(long[] values, int absent, string what, string path)
    {
        if (values.Any(value => value != values[0]))
            throw new InputDataException(path, $"has samples of different {what} ({string.Join(", ", values)}); expected the same for all");
        return values.Length == 0 ? absent : (int)Math.Clamp(values[0], 0, int.MaxValue);
    }

    private static TiffCompression CompressionOf(long code, string path) => (TiffCompression)code switch
    {
        TiffCompression.None or TiffCompression.Lzw or TiffCompression.Deflate or TiffCompression.PackBits or TiffCompression.OldDeflate => (TiffCompression)code,
        _ => throw new InputDataException(path, $"has TIFF compression {code} ({CompressionName(code)}); expected none, LZW, Deflate or PackBits"),
    };

    private static string CompressionName(long code) => code switch
    {
        2 or 3 or 4 => "fax",
        6 or 7 => "JPEG",
        33003 or 33005 or 34712 => "JPEG 2000",
        34925 => "LZMA",
        50000 => "Zstandard",
        50001 => "WebP",
        _ => "unknown",
    };

    private static TiffColour ColourOf(long code, long samples, string path)
    {
        var needed = (TiffColour)code switch { TiffColour.Rgb => 3, <= TiffColour.Mask => 1, _ => 0 };
        if (code < 0 || needed == 0)
            throw new InputDataException(path, $"has TIFF colours of kind {code}; expected grey, RGB or a palette");
        return samples >= needed ? (TiffColour)code : throw new InputDataException(path, $"declares colours with {samples} samples a pixel; expected {needed}");
    }

    private static ElementType TypeOf(int bits, int format, string path) => (bits, format) switch
    {
        (1 or 2 or 4 or 8, 1 or 4) => ElementType.UInt8,
        (8, 2) => ElementType.Int8,
        (16, 1 or 4) => ElementType.UInt16,
        (16, 2) => ElementType.Int16,
        (16, 3) => ElementType.Float16,
        (32, 1 or 4) => ElementType.UInt32,
        (32, 2) => ElementType.Int32,
        (32, 3) => ElementType.Float32,
        (64, 3) => ElementType.Float64,
        _ => throw new InputDataException(path, $"has TIFF values of {bits} bits and format {format}; expected whole numbers of 1, 2, 4, 8, 16 or 32 bits or floats of 16, 32 or 64"),
    };

    private static long[] PaletteOf(TiffDirectory tags, int bits, string path)
    {
        if (bits > 8)
            throw new InputDataException(path, $"has a palette for values of {bits} bits; expected 8 at most");
        var palette = tags.Numbers(320, 3L << bits);
        return palette.Length == 3 << bits ? palette : throw new InputDataException(path, "is a damaged TIFF file: its palette is missing or incomplete");
    }
}
