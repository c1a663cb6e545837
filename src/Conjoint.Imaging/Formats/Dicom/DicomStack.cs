namespace Conjoint.Imaging;

/// <summary>Planes in the order of their places, and the grid they make.</summary>
/// <param name="Planes">At least one, all of one size.</param>
internal sealed record DicomStack(IReadOnlyList<DicomPlane> Planes)
{
    /// <summary>From voxel indices (column, row, plane) to mm in RAS+; null when places aren't known.</summary>
    public Affine? Affine { get; init; }

    /// <summary>Distances in mm along columns, rows, planes; of one plane without a thickness only the first two; null when not stated.</summary>
    public IReadOnlyList<double>? SpacingMm { get; init; }

    /// <summary>What is doubtful: gaps, tilt, planes left out.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public DicomHeader First => Planes[0].File;

    /// <summary>Sorts planes along their normal and measures the grid (PS3.3 C.7.6.2.1.1), turned from LPS to RAS+.</summary>
    /// <param name="planes">Of one orientation and size, each place once; or all without a place, in their order.</param>
    public static DicomStack Of(IReadOnlyList<DicomPlane> planes)
    {
        var first = planes[0];
        if (!planes.All(plane => plane.HasPlace))
            return new DicomStack(planes) { SpacingMm = Spacing(first, planes.Count > 1 ? first.SliceSpacing ?? 1 : first.SliceSpacing) };

        var normal = first.Normal;
        var sorted = planes.OrderBy(plane => plane.Position!.Value.Dot(normal)).ToArray();
        var geometry = DicomSliceGeometry.Measure(sorted, normal);
        var step = geometry.Step ?? normal * (first.SliceSpacing ?? 1);
        var spacing = Spacing(first, geometry.Step?.Length ?? first.SliceSpacing);
        return new DicomStack(sorted)
        {
            Affine = GridAffine(sorted[0], step),
            SpacingMm = spacing,
            Problems = [.. geometry.Problems, .. spacing is null ? ["states no distance between pixels; 1 mm is taken"] : Array.Empty<string>()],
        };
    }

    /// <summary>The grid, or where places are unknown one of the stated distances, upright in RAS+.</summary>
    public Affine GridOrUnit() => Affine ?? Affine.FromSpacing(SpacingMm?[0] ?? 1, SpacingMm?[1] ?? 1, SpacingMm is [_, _, var z] ? z : 1);

    private static double[]? Spacing(DicomPlane plane, double? along) => plane.PixelSpacing is not { } pixels ? null
        : along is { } distance ? [pixels.Columns, pixels.Rows, distance]
        : [pixels.Columns, pixels.Rows];

    private static Affine GridAffine(DicomPlane plane, DicomVector step)
    {
        var (columns, rows) = plane.PixelSpacing ?? (1, 1);
        var (i, j, origin) = (plane.RowDirection!.Value * columns, plane.ColumnDirection!.Value * rows, plane.Position!.Value);
        // LPS to RAS+: x and y change their sign.
        return new Affine(new[,]
        {
            { -i.X, -j.X, -step.X, -origin.X },
            { -i.Y, -j.Y, -step.Y, -origin.Y },
            { i.Z, j.Z, step.Z, origin.Z },
        });
    }
}
