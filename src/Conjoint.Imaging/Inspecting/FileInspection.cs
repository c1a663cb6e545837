namespace Conjoint.Imaging;

/// <summary>Describes single files.</summary>
internal static class FileInspection
{
    /// <summary>One entry for each image, volume or array of a file.</summary>
    /// <exception cref="InputDataException">The file can't be read; of a file with several arrays, none of them.</exception>
    public static IReadOnlyList<InspectionEntry> Inspect(string path)
    {
        var parts = ((IScannableFormat)ImageFile.FormatOf(path)).Parts(path);
        return parts is [var only] ? [Inspect(path, only)] : [.. parts.Select(part => InspectOrExplain(path, part))];
    }

    /// <summary>Describes a header and the values gathered for it.</summary>
    public static InspectionEntry Describe(string path, string? array, ImageHeader header, ValueStatistics statistics) => new()
    {
        Path = path,
        Array = array,
        Format = header.Format,
        Shape = header.Shape,
        SpacingMm = header.SpacingMm,
        Orientation = header.Orientation,
        DType = header.DType,
        Min = statistics.Min,
        Max = statistics.Max,
        Mean = statistics.Mean,
        NonFinite = statistics.NonFinite,
        Frames = header.Frames,
        Labels = statistics.Labels,
        Modality = header.Modality == Modality.Unknown ? null : header.Modality.ToString(),
        Window = header.Window is { } window ? [window.Center, window.Width] : null,
        Problems = [.. header.Problems, .. Problems(statistics)],
    };

    /// <summary>Whether the values can be labels: whole numbers, one a pixel.</summary>
    public static bool MayBeLabels(ImageHeader header) =>
        header.Samples == 1 && !header.DType.StartsWith("float", StringComparison.Ordinal);

    private static InspectionEntry Inspect(string path, ScannablePart part)
    {
        var header = part.ReadHeader();
        var statistics = new ValueStatistics(MayBeLabels(header));
        part.Scan(statistics.Add);
        return Describe(path, part.Name, header, statistics);
    }

    private static InspectionEntry InspectOrExplain(string path, ScannablePart part)
    {
        try
        {
            return Inspect(path, part);
        }
        catch (InputDataException fault)
        {
            return new InspectionEntry { Path = path, Array = part.Name, Problems = [fault.Reason] };
        }
    }

    private static IEnumerable<string> Problems(ValueStatistics statistics)
    {
        if (statistics.NonFinite > 0)
            yield return $"{statistics.NonFinite} values are NaN or infinite";
        if (statistics.IsConstant)
            yield return $"every value is {statistics.Min:g6}";
    }
}
