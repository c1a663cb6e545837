using System.Globalization;

namespace Conjoint.Imaging;

/// <summary>Describes folders: stacks first recognised, then every other readable file.</summary>
internal static class FolderInspection
{
    public static IReadOnlyList<InspectionEntry> Inspect(string folder)
    {
        var (stacks, files) = FrameSequence.Find(Files(folder));
        var entries = new List<InspectionEntry>();
        var (dicom, others) = Part(files, entries);
        AddDicom(dicom, entries);
        foreach (var stack in stacks)
            entries.AddRange(OrProblem(stack.Path, "stack", () => [Inspect(stack)]));
        foreach (var file in others)
        {
            entries.AddRange(OrProblem(file, null, () => FileInspection.Inspect(file)));
        }

        if (entries.Count == 0)
        {
            throw new InputDataException(folder,
                $"holds no readable image; expected {string.Join(", ", ImageFormats.All.SelectMany(format => format.Extensions))}");
        }

        return [.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
    }

    /// <summary>DICOM files, whose series make volumes, and others.</summary>
    private static (List<string> Dicom, List<string> Others) Part(IReadOnlyList<string> files, List<InspectionEntry> entries)
    {
        var (dicom, others) = (new List<string>(), new List<string>());
        foreach (var file in files)
        {
            entries.AddRange(OrProblem(file, null, () =>
            {
                var format = ImageFile.Identify(file);
                if (format is not null)
                    (format is DicomFormat ? dicom : others).Add(file);
                return [];
            }));
        }

        return (dicom, others);
    }

    private static void AddDicom(IReadOnlyList<string> files, List<InspectionEntry> entries)
    {
        var found = DicomSeries.Find(files);
        foreach (var series in found.Series)
            entries.AddRange(OrProblem(series.Path, DicomFormat.FormatName, () => [Inspect(series)]));
        foreach (var file in found.Files)
            entries.AddRange(OrProblem(file.Path, DicomFormat.FormatName, () => FileInspection.Inspect(file.Path)));
        foreach (var fault in found.Refused)
            entries.AddRange(OrProblem(fault.Path, DicomFormat.FormatName, () => throw fault));
    }

    private static InspectionEntry Inspect(DicomSeries series)
    {
        var header = series.ReadHeader();
        var statistics = new ValueStatistics(FileInspection.MayBeLabels(header));
        series.Scan(statistics.Add);
        return FileInspection.Describe(series.Path, series.Number?.ToString(CultureInfo.InvariantCulture), header, statistics);
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
