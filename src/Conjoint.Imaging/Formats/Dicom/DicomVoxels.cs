namespace Conjoint.Imaging;

/// <summary>Reads the values of planes.</summary>
internal static class DicomVoxels
{
    /// <summary>Every value, after rescaling, plane after plane; nothing inverted, no palette looked up.</summary>
    public static void Scan(IReadOnlyList<DicomPlane> planes, ValueVisitor visitor) => Each(planes, (_, _, values) => visitor(values));

    /// <summary>A volume: x along columns, y along rows, z along planes; colours as luminance.</summary>
    /// <param name="stack">The planes.</param>
    /// <param name="path">What faults name: the file or the folder.</param>
    public static Volume ReadVolume(DicomStack stack, string path)
    {
        var header = stack.First;
        var affine = stack.GridOrUnit();
        if (!affine.IsInvertible)
            throw new InputDataException(path, "has a grid that can't be inverted; expected slices apart from each other and a distance between pixels");
        var plane = header.Rows * header.Columns;
        if ((long)plane * stack.Planes.Count > ImagingLimits.MaxVoxels)
            throw new InputDataException(path, $"has more than {ImagingLimits.MaxVoxels} voxels, the most that can be read");
        float[]? voxels = null;
        Each(stack.Planes, (n, source, values) =>
        {
            // Made once the first plane's pixels are known to be there.
            voxels ??= LargeArrays.Allocate<float>(plane * (long)stack.Planes.Count);
            ToGrey(values, source, voxels.AsSpan(n * plane, plane), asLabels: false);
        });
        return new Volume(voxels!, header.Columns, header.Rows, stack.Planes.Count, affine);
    }

    /// <summary>A plane's values: grey as stored and rescaled, colours as luminance, or labels as they are.</summary>
    public static float[] ReadPlane(DicomPlane plane, bool asLabels)
    {
        float[]? pixels = null;
        Each([plane], (_, _, values) =>
        {
            pixels = new float[plane.File.Rows * plane.File.Columns];
            ToGrey(values, plane, pixels, asLabels);
        });
        return pixels!;
    }

    private delegate void PlaneAction(int index, DicomPlane plane, ReadOnlySpan<double> values);

    private static void Each(IReadOnlyList<DicomPlane> planes, PlaneAction action)
    {
        DicomPixelReader? reader = null;
        DicomHeader? open = null;
        var values = Array.Empty<double>();
        try
        {
            for (var n = 0; n < planes.Count; n++)
            {
                var plane = planes[n];
                if (!ReferenceEquals(open, plane.File))
                {
                    reader?.Dispose();
                    reader = null;
                    (reader, open) = (new DicomPixelReader(plane.File), plane.File);
                }

                reader!.Read(plane, ref values);
                action(n, plane, values);
            }
        }
        finally
        {
            reader?.Dispose();
        }
    }

    private static void ToGrey(ReadOnlySpan<double> values, DicomPlane plane, Span<float> grey, bool asLabels)
    {
        var header = plane.File;
        if (header.Palette is { } palette && header.Photometric == "PALETTE COLOR" && !asLabels)
        {
            for (var i = 0; i < grey.Length; i++)
                grey[i] = Luminance.Of(palette[0][(long)values[i]], palette[1][(long)values[i]], palette[2][(long)values[i]]);
        }
        else if (header.Samples == 3)
        {
            // The first sample of YBR is the luminance.
            var isRgb = header.Photometric is "RGB" or "YBR_RCT" or "YBR_ICT";
            for (var i = 0; i < grey.Length; i++)
                grey[i] = isRgb ? Luminance.Of((float)values[3 * i], (float)values[3 * i + 1], (float)values[3 * i + 2]) : (float)values[3 * i];
        }
        else
        {
            ElementConversion.ToSingle(values, grey);
        }
    }
}
