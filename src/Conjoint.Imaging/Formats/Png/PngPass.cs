namespace Conjoint.Imaging;

/// <summary>One pass over an image: every pixel of a plain file, or one of the seven of Adam7 (specification, section 8.2).</summary>
internal readonly record struct PngPass(int FirstColumn, int FirstRow, int ColumnStep, int RowStep)
{
    private static readonly PngPass[] Plain = [new(0, 0, 1, 1)];

    private static readonly PngPass[] Adam7 =
    [
        new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2),
    ];

    /// <summary>The passes of a file, in stored order.</summary>
    public static ReadOnlySpan<PngPass> Of(PngHeader header) => header.IsInterlaced ? Adam7 : Plain;

    /// <summary>Pixels in a row of this pass; may be 0.</summary>
    public int Columns(PngHeader header) => (header.Width - FirstColumn + ColumnStep - 1) / ColumnStep;

    /// <summary>Rows of this pass; may be 0.</summary>
    public int Rows(PngHeader header) => (header.Height - FirstRow + RowStep - 1) / RowStep;

    /// <summary>Bytes of this pass after decompression, filter bytes included.</summary>
    public long Bytes(PngHeader header)
    {
        var columns = Columns(header);
        return columns == 0 ? 0 : Rows(header) * (1 + header.RowBytes(columns));
    }
}
