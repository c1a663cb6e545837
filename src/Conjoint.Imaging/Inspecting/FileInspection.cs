namespace Conjoint.Imaging;

/// <summary>Describes single files.</summary>
internal static class FileInspection
{
    public static IReadOnlyList<InspectionEntry> Inspect(string path)
    {
        var format = ImageFile.FormatOf(path);
        var header = format.ReadHeader(path);
        var statistics = new ValueStatistics(MayBeLabels(header));
        ((IScannableFormat)format).Scan(path, statistics.Add);
        return [Describe(path, header, statistics)];
    }

    public static InspectionEntry Describe(string path, ImageHeader header, ValueStatistics statistics) => new()
    {
        Path = path,
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
        Problems = [.. header.Problems, .. Problems(statistics)],
    };

    /// <summary>Whether the values are whole numbers of one sample each; a slope could make them anything.</summary>
    public static bool MayBeLabels(ImageHeader header) =>
        header.Samples == 1 && !header.DType.StartsWith("float", StringComparison.Ordinal);

    private static IEnumerable<string> Problems(ValueStatistics statistics)
    {
        if (statistics.NonFinite > 0)
            yield return $"{statistics.NonFinite} values are NaN or infinite";
        if (statistics.IsConstant)
            yield return $"every value is {statistics.Min:g6}";
    }
}
