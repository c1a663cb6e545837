using System.Globalization;

namespace Conjoint.Imaging;

/// <summary>Finds out where each frame of a file lies and what its values mean.</summary>
internal static class DicomPlaneReader
{
    private const double UnitTolerance = 1e-2;

    public static DicomPlane[] Read(DicomHeader header, DicomDataSet elements)
    {
        var shared = elements.Item(DicomTag.SharedFunctionalGroups);
        var perFrame = elements.Items(DicomTag.PerFrameFunctionalGroups);
        var detector = elements.Item(DicomTag.DetectorInformationSequence);
        var lut = elements.Item(DicomTag.ModalityLutSequence) is { } sequence
            ? DicomLut.Read(sequence, DicomTag.LutDescriptor, DicomTag.LutData, header.IsSigned, header.Syntax.IsBigEndian)
            : null;
        var marks = Marks(elements);
        // Nuclear medicine keeps the first frame's place with its detector.
        var own = Plain(elements, detector);
        var offsets = own.Orientation is { } plainOrientation && own.Position is not null ? Offsets(header, elements, plainOrientation, own.Position) : null;

        var planes = new DicomPlane[header.Frames];
        for (var frame = 0; frame < planes.Length; frame++)
        {
            var group = frame < perFrame.Count ? perFrame[frame] : null;
            var position = Of(DicomTag.PlanePositionSequence)?.Numbers(DicomTag.Position, 3) ?? (header.Frames == 1 ? own.Position : null);
            var orientation = Of(DicomTag.PlaneOrientationSequence)?.Numbers(DicomTag.Orientation, 6) ?? own.Orientation;
            var measures = Of(DicomTag.PixelMeasuresSequence);
            var values = Of(DicomTag.PixelValueTransformationSequence) ?? elements;
            var slope = values.Number(DicomTag.RescaleSlope) ?? 1;
            var plane = new DicomPlane(header, frame)
            {
                PixelSpacing = Spacing(measures, DicomTag.PixelSpacing) ?? Spacing(elements, DicomTag.PixelSpacing)
                    ?? Spacing(elements, DicomTag.ImagerPixelSpacing) ?? Spacing(elements, DicomTag.NominalScannedPixelSpacing),
                SliceSpacing = Positive(measures, DicomTag.SpacingBetweenSlices) ?? Positive(elements, DicomTag.SpacingBetweenSlices)
                    ?? Positive(measures, DicomTag.SliceThickness) ?? Positive(elements, DicomTag.SliceThickness),
                Location = header.Frames == 1 ? elements.Number(DicomTag.SliceLocation) : null,
                Slope = slope == 0 ? 1 : slope,
                Intercept = slope == 0 ? 0 : values.Number(DicomTag.RescaleIntercept) ?? 0,
                Lut = lut,
                Marks = group is null ? marks : [.. marks, .. Marks(group, shared)],
            };
            planes[frame] = WithPlace(plane, position, orientation, offsets is null ? 0 : offsets[frame], position is null && offsets is not null ? own.Position : null, elements);

            DicomDataSet? Of(uint tag) => group?.Item(tag) ?? shared?.Item(tag);
        }

        return planes;
    }

    private static (double[]? Position, double[]? Orientation) Plain(DicomDataSet elements, DicomDataSet? detector) =>
        (elements.Numbers(DicomTag.Position, 3) ?? detector?.Numbers(DicomTag.Position, 3),
            elements.Numbers(DicomTag.Orientation, 6) ?? detector?.Numbers(DicomTag.Orientation, 6));

    private static DicomPlane WithPlace(DicomPlane plane, double[]? position, double[]? orientation, double offset, double[]? first, DicomDataSet elements)
    {
        if (orientation is null || Array.TrueForAll(orientation, cosine => cosine == 0))
            return plane;
        var (row, column) = (DicomVector.Of(orientation), DicomVector.Of(orientation.AsSpan(3)));
        if (Math.Abs(row.Length - 1) > UnitTolerance || Math.Abs(column.Length - 1) > UnitTolerance || Math.Abs(row.Dot(column)) > UnitTolerance)
            throw elements.Fault(DicomTag.Orientation, "is no pair of perpendicular directions of length 1");
        plane = plane with { RowDirection = row * (1 / row.Length), ColumnDirection = column * (1 / column.Length) };
        if (position is not null)
            return plane with { Position = DicomVector.Of(position) };
        return first is null ? plane : plane with { Position = DicomVector.Of(first) + plane.Normal * offset };
    }

    /// <summary>Distances of the frames of a file without functional groups from its first frame, along the normal; null when unknown.</summary>
    private static double[]? Offsets(DicomHeader header, DicomDataSet elements, double[] orientation, double[] position)
    {
        if (header.Frames == 1)
            return null;
        if (elements.Numbers(DicomTag.GridFrameOffsets) is { } grid && grid.Length == header.Frames)
        {
            // Either distances from the first plane, or z coordinates of planes (PS3.3 C.8.8.3.2).
            if (grid[0] == 0)
                return grid;
            var normal = DicomVector.Of(orientation).Cross(DicomVector.Of(orientation.AsSpan(3)));
            return Math.Abs(Math.Abs(normal.Z) - 1) < UnitTolerance && Math.Abs(grid[0] - position[2]) < UnitTolerance
                ? Array.ConvertAll(grid, z => (z - grid[0]) * normal.Z)
                : null;
        }

        // A distance between slices makes a volume only where frames are slices: not of a film.
        return header.Modality is Modality.Other or Modality.CT or Modality.MR
            && (elements.Number(DicomTag.SpacingBetweenSlices) ?? elements.Number(DicomTag.SliceThickness)) is { } step && step != 0
            ? [.. Enumerable.Range(0, header.Frames).Select(frame => frame * step)]
            : null;
    }

    private static (double, double)? Spacing(DicomDataSet? elements, uint tag) =>
        elements?.Numbers(tag) is [> 0 and var rows, > 0 and var columns, ..] ? (columns, rows) : null;

    private static double? Positive(DicomDataSet? elements, uint tag) =>
        elements?.Number(tag) is { } number && number != 0 ? Math.Abs(number) : null;

    private static string[] Marks(DicomDataSet elements) =>
    [
        elements.Text(DicomTag.TemporalPosition) ?? "",
        elements.Text(DicomTag.AcquisitionNumber) ?? "",
        elements.Text(DicomTag.EchoTime) ?? "",
        Text(elements.Number(DicomTag.DiffusionBValue)),
        elements.Text(DicomTag.ImageType) ?? "",
        elements.Text(DicomTag.TriggerTime) ?? "",
    ];

    private static string[] Marks(DicomDataSet group, DicomDataSet? shared)
    {
        var content = group.Item(DicomTag.FrameContentSequence);
        var segment = group.Item(DicomTag.SegmentIdentificationSequence) ?? shared?.Item(DicomTag.SegmentIdentificationSequence);
        return
        [
            content?.Text(DicomTag.StackId) ?? "",
            Text(content?.Number(DicomTag.TemporalPositionIndex)),
            Text(segment?.Number(DicomTag.SegmentNumber)),
        ];
    }

    private static string Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
