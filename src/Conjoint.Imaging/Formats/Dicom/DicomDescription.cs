namespace Conjoint.Imaging;

/// <summary>What is told of stacks.</summary>
internal static class DicomDescription
{
    /// <param name="stacks">Of one size; several are times, echoes or the like.</param>
    /// <param name="isVolume">Whether it is a volume; otherwise a plain image.</param>
    /// <param name="problems">What is doubtful about the files.</param>
    public static ImageHeader Of(IReadOnlyList<DicomStack> stacks, bool isVolume, IEnumerable<string> problems)
    {
        var (stack, header) = (stacks[0], stacks[0].First);
        int[] shape = [header.Columns, header.Rows, stack.Planes.Count];
        return new ImageHeader
        {
            Format = DicomFormat.FormatName,
            Shape = [.. shape, .. stacks.Count > 1 ? [stacks.Count] : Array.Empty<int>(), .. header.Samples > 1 ? [header.Samples] : Array.Empty<int>()],
            DType = header.DType.Name(),
            SpacingMm = stack.SpacingMm,
            Orientation = stack.Affine?.AxisCodes,
            Affine = stack.Affine,
            IsVolume = isVolume,
            Frames = stacks.Count,
            Samples = header.Samples,
            IsInverted = header.IsInverted,
            Modality = header.Modality,
            Window = header.Window,
            Problems = [.. problems.Concat(stacks.SelectMany(s => s.Problems)).Distinct()],
        };
    }
}
