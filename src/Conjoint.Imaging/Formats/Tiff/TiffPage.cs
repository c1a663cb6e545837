namespace Conjoint.Imaging;

/// <summary>What the values of a pixel mean (tag PhotometricInterpretation), with its codes.</summary>
internal enum TiffColour
{
    WhiteIsZero = 0,
    BlackIsZero = 1,
    Rgb = 2,
    Palette = 3,
    Mask = 4,
}

/// <summary>How strips and tiles are packed (tag Compression), with its codes.</summary>
internal enum TiffCompression
{
    None = 1,
    Lzw = 5,
    Deflate = 8,
    PackBits = 32773,
    OldDeflate = 32946,
}

/// <summary>One page (image file directory) of a TIFF file.</summary>
/// <remarks>Specification: TIFF 6.0 (Adobe, 1992), TIFF Technical Notes for Deflate and predictor 3, BigTIFF.</remarks>
internal sealed record TiffPage
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Bits of one value: 1, 2, 4, 8, 16, 32 or 64.</summary>
    public required int Bits { get; init; }

    /// <summary>Encoding of a value; fewer than 8 bits are unpacked to bytes.</summary>
    public required ElementType DType { get; init; }

    /// <summary>Values of a pixel.</summary>
    public required int Samples { get; init; }

    public required TiffColour Colour { get; init; }

    public required TiffCompression Compression { get; init; }

    /// <summary>1 none, 2 differences along a row, 3 differences of the bytes of floats.</summary>
    public required int Predictor { get; init; }

    /// <summary>Whether each sample has strips or tiles of its own.</summary>
    public required bool IsPlanar { get; init; }

    public required bool BigEndian { get; init; }

    /// <summary>Pixels along a row of a strip (all of them) or tile.</summary>
    public required int ChunkWidth { get; init; }

    /// <summary>Rows of a strip or tile; the last strip may have fewer.</summary>
    public required int ChunkHeight { get; init; }

    public required bool IsTiled { get; init; }

    /// <summary>Where strips or tiles begin, bytes from the start of the file.</summary>
    public required long[] Offsets { get; init; }

    /// <summary>How many bytes they take.</summary>
    public required long[] ByteCounts { get; init; }

    /// <summary>Reds, greens and blues of 16 bits, one after the other; empty without palette.</summary>
    public long[] Palette { get; init; } = [];

    /// <summary>1 to 8, see <see cref="ExifOrientation"/>; width and height are those of the stored rows.</summary>
    public int Orientation { get; init; } = ExifOrientation.Upright;

    /// <summary>Pixels in a row of the upright image.</summary>
    public int UprightWidth => ExifOrientation.Swaps(Orientation) ? Height : Width;

    /// <summary>Rows of the upright image.</summary>
    public int UprightHeight => ExifOrientation.Swaps(Orientation) ? Width : Height;

    /// <summary>Values of a pixel in one strip or tile.</summary>
    public int ChunkSamples => IsPlanar ? 1 : Samples;

    public int ChunksAcross => (int)(((long)Width + ChunkWidth - 1) / ChunkWidth);

    public int ChunksDown => (int)(((long)Height + ChunkHeight - 1) / ChunkHeight);

    /// <summary>Bytes of a row of a strip or tile.</summary>
    public long RowBytes => ((long)ChunkWidth * ChunkSamples * Bits + 7) / 8;

    /// <summary>Rows that a strip or tile of this row of them has in the file.</summary>
    public int ChunkRows(int down) => IsTiled ? ChunkHeight : Math.Min(ChunkHeight, Height - down * ChunkHeight);

    /// <summary>Whether another page can be the next slice of a stack.</summary>
    public bool IsLike(TiffPage other) =>
        (Width, Height, DType, Samples, Colour, Orientation) == (other.Width, other.Height, other.DType, other.Samples, other.Colour, other.Orientation);
}
