using System.Buffers;

namespace Conjoint.Data;

/// <summary>
/// The map between a slice of any size and the square input of the nets: the slice is resized with its proportions in mm kept
/// until it fits, and centred on zeros.
/// </summary>
/// <remarks>Immutable and safe to share between threads. All arrays are row by row.</remarks>
public sealed class SliceGeometry
{
    private readonly AxisResampler _rowsIn;
    private readonly AxisResampler _columnsIn;
    private readonly Lazy<(AxisResampler Rows, AxisResampler Columns)> _back;

    private SliceGeometry(int height, int width, double rowSpacing, double columnSpacing, int size)
    {
        (Height, Width, Size) = (height, width, size);
        var (tall, wide) = (height * rowSpacing, width * columnSpacing);
        var scale = size / Math.Max(tall, wide);
        InnerHeight = Math.Clamp((int)Math.Round(tall * scale), 1, size);
        InnerWidth = Math.Clamp((int)Math.Round(wide * scale), 1, size);
        Top = (size - InnerHeight) / 2;
        Left = (size - InnerWidth) / 2;
        RowSpacingMm = tall / InnerHeight;
        ColumnSpacingMm = wide / InnerWidth;
        _rowsIn = new AxisResampler(height, InnerHeight);
        _columnsIn = new AxisResampler(width, InnerWidth);
        _back = new(() => (new AxisResampler(InnerHeight, height), new AxisResampler(InnerWidth, width)));
    }

    /// <summary>Rows of the slice.</summary>
    public int Height { get; }

    /// <summary>Pixels in a row of the slice.</summary>
    public int Width { get; }

    /// <summary>Rows and columns S of the square.</summary>
    public int Size { get; }

    /// <summary>Rows of the square that the slice covers.</summary>
    public int InnerHeight { get; }

    /// <summary>Columns of the square that the slice covers.</summary>
    public int InnerWidth { get; }

    /// <summary>First covered row of the square.</summary>
    public int Top { get; }

    /// <summary>First covered column of the square.</summary>
    public int Left { get; }

    /// <summary>Distance in mm between rows of the square.</summary>
    public double RowSpacingMm { get; }

    /// <summary>Distance in mm between columns of the square.</summary>
    public double ColumnSpacingMm { get; }

    /// <summary>The map for slices of one size.</summary>
    /// <param name="height">Rows of the slice; at least 1.</param>
    /// <param name="width">Pixels in a row; at least 1.</param>
    /// <param name="rowSpacingMm">Distance between rows; above 0. Only its ratio to the other counts for the shape.</param>
    /// <param name="columnSpacingMm">Distance between columns; above 0.</param>
    /// <param name="size">Rows and columns of the square; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1 or a spacing that is not a positive number.</exception>
    public static SliceGeometry Fit(int height, int width, double rowSpacingMm, double columnSpacingMm, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        foreach (var (spacing, name) in new[] { (rowSpacingMm, nameof(rowSpacingMm)), (columnSpacingMm, nameof(columnSpacingMm)) })
        {
            if (!double.IsFinite(spacing) || spacing <= 0)
                throw new ArgumentOutOfRangeException(name, spacing, "A spacing is a positive number of mm.");
        }

        return new SliceGeometry(height, width, rowSpacingMm, columnSpacingMm, size);
    }

    /// <summary>The map for the slices of a case.</summary>
    public static SliceGeometry Fit(StoreCase storeCase, int size)
    {
        ArgumentNullException.ThrowIfNull(storeCase);
        return Fit(storeCase.Height, storeCase.Width, storeCase.SpacingMm[1], storeCase.SpacingMm[2], size);
    }

    /// <summary>Slice [Height, Width] → square [Size, Size]: anti-aliased linear resize, zeros around.</summary>
    public void Forward(ReadOnlySpan<float> slice, Span<float> square)
    {
        Require(slice.Length, Height * Width, nameof(slice));
        Require(square.Length, Size * Size, nameof(square));
        var narrow = ArrayPool<float>.Shared.Rent(Height * InnerWidth);
        _columnsIn.Rows(slice, Height, narrow);
        square.Clear();
        _rowsIn.Columns(narrow, InnerWidth, square[(Top * Size + Left)..], Size);
        ArrayPool<float>.Shared.Return(narrow);
    }

    /// <summary>Labels [Height, Width] → square [Size, Size]: the nearest pixel's label, 0 around.</summary>
    public void ForwardLabels(ReadOnlySpan<ushort> slice, Span<ushort> square)
    {
        Require(slice.Length, Height * Width, nameof(slice));
        Require(square.Length, Size * Size, nameof(square));
        square.Clear();
        for (var y = 0; y < InnerHeight; y++)
        {
            var line = slice.Slice((int)((2L * y + 1) * Height / (2L * InnerHeight)) * Width, Width);
            var result = square.Slice((Top + y) * Size + Left, InnerWidth);
            for (var x = 0; x < result.Length; x++)
                result[x] = line[(int)((2L * x + 1) * Width / (2L * InnerWidth))];
        }
    }

    /// <summary>Square [Size, Size] (a map of logits or probabilities) → slice [Height, Width], linearly; the zeros around are left out.</summary>
    public void Back(ReadOnlySpan<float> square, Span<float> slice)
    {
        Require(square.Length, Size * Size, nameof(square));
        Require(slice.Length, Height * Width, nameof(slice));
        var (rows, columns) = _back.Value;
        var inner = ArrayPool<float>.Shared.Rent(InnerHeight * InnerWidth);
        var tall = ArrayPool<float>.Shared.Rent(Height * InnerWidth);
        for (var y = 0; y < InnerHeight; y++)
            square.Slice((Top + y) * Size + Left, InnerWidth).CopyTo(inner.AsSpan(y * InnerWidth));
        rows.Columns(inner, InnerWidth, tall, InnerWidth);
        columns.Rows(tall, Height, slice);
        ArrayPool<float>.Shared.Return(inner);
        ArrayPool<float>.Shared.Return(tall);
    }

    /// <summary>A box of the slice, on the square.</summary>
    public Box Forward(Box box)
    {
        ArgumentNullException.ThrowIfNull(box);
        var (sx, sy) = ((double)InnerWidth / Width, (double)InnerHeight / Height);
        return box with { X1 = Left + box.X1 * sx, Y1 = Top + box.Y1 * sy, X2 = Left + box.X2 * sx, Y2 = Top + box.Y2 * sy };
    }

    /// <summary>A box of the square, on the slice; not clipped.</summary>
    public Box Back(Box box)
    {
        ArgumentNullException.ThrowIfNull(box);
        var (sx, sy) = ((double)Width / InnerWidth, (double)Height / InnerHeight);
        return box with { X1 = (box.X1 - Left) * sx, Y1 = (box.Y1 - Top) * sy, X2 = (box.X2 - Left) * sx, Y2 = (box.Y2 - Top) * sy };
    }

    private static void Require(int length, int expected, string name)
    {
        if (length != expected)
            throw new ArgumentException($"{length} values where {expected} are needed.", name);
    }
}
