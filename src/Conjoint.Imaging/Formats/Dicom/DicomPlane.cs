namespace Conjoint.Imaging;

/// <summary>One frame of one file: where it lies, and what its stored values mean.</summary>
/// <param name="File">Its file.</param>
/// <param name="Frame">Which of the file's frames, from 0.</param>
internal sealed record DicomPlane(DicomHeader File, int Frame)
{
    /// <summary>Centre of the first pixel; null when not stated.</summary>
    public DicomVector? Position { get; init; }

    /// <summary>Direction in which the column index grows (along a row); a unit vector.</summary>
    public DicomVector? RowDirection { get; init; }

    /// <summary>Direction in which the row index grows (down a column); a unit vector.</summary>
    public DicomVector? ColumnDirection { get; init; }

    /// <summary>Distance in mm between neighbouring columns and rows; null when not stated.</summary>
    public (double Columns, double Rows)? PixelSpacing { get; init; }

    /// <summary>Distance in mm to the next slice where the file states it, else the slice's thickness.</summary>
    public double? SliceSpacing { get; init; }

    /// <summary>Position along some axis, for files without a position in space.</summary>
    public double? Location { get; init; }

    public double Slope { get; init; } = 1;

    public double Intercept { get; init; }

    /// <summary>In place of slope and intercept.</summary>
    public DicomLut? Lut { get; init; }

    /// <summary>What can tell planes of one place apart: stack, time, acquisition, echo, diffusion, segment, sort of image. Compared only, never shown.</summary>
    public IReadOnlyList<string> Marks { get; init; } = [];

    /// <summary>Whether the plane's place in space is known.</summary>
    public bool HasPlace => Position is not null && RowDirection is not null;

    /// <summary>Perpendicular to the plane.</summary>
    public DicomVector Normal => RowDirection!.Value.Cross(ColumnDirection!.Value);
}
