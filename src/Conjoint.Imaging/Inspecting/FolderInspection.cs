namespace Conjoint.Imaging;

/// <summary>Describes folders: stacks first recognised, then every other readable file.</summary>
internal static class FolderInspection
{
    public static IReadOnlyList<InspectionEntry> Inspect(string folder)
    {
        var (stacks, others) = FrameSequence.Find(Files(folder));
        var entries = new List<InspectionEntry>();
        foreach (var stack in stacks)
            entries.AddRange(OrProblem(stack.Path, "stack", () => [Inspect(stack)]));
        foreach (var file in others)
        {
            entries.AddRange(OrProblem(file, null, () => ImageFile.IsReadable(file) ? FileInspection.Inspect(file) : []));
        }

        if (entries.Count == 0)
        {
            throw new InputDataException(folder,
                $"holds no readable image; expected {string.Join(", ", ImageFormats.All.SelectMany(format => format.Extensions))}");
        }

        return [.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
    }

    private static string[] Files(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.System });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InputDataException(folder, $"cannot be listed ({fault.Message})", fault);
        }
    }

    private static InspectionEntry Inspect(FrameSequence stack)
    {
        var header = stack.ReadHeader();
        var statistics = new ValueStatistics(FileInspection.MayBeLabels(header));
        foreach (var file in stack.Files)
        {
            var slice = ImageFile.ReadHeader(file);
            if (!slice.Shape.Take(2).SequenceEqual(header.Shape.Take(2)))
            {
                throw new InputDataException(file,
                    $"has {slice.Shape[0]}×{slice.Shape[1]} pixels in a stack of {header.Shape[0]}×{header.Shape[1]}; expected slices of one size");
            }

            ((IScannableFormat)ImageFile.FormatOf(file)).Scan(file, statistics.Add);
        }

        return FileInspection.Describe(stack.Path, null, header, statistics);
    }

    private static IReadOnlyList<InspectionEntry> OrProblem(string path, string? format, Func<IReadOnlyList<InspectionEntry>> inspect)
    {
        try
        {
            return inspect();
        }
        catch (InputDataException fault)
        {
            var reason = fault.Path == path ? fault.Reason : fault.Message;
            return [new InspectionEntry { Path = path, Format = format, Problems = [reason] }];
        }
    }
}
