namespace Conjoint.Imaging;

/// <summary>Looks into files and folders for <c>inspect</c>.</summary>
public static class Inspection
{
    /// <summary>Describes a file, every array of an NPZ file, or every readable file and stack of a folder.</summary>
    /// <param name="path">A file or folder.</param>
    /// <returns>One entry for each; in a folder, a damaged file has an entry whose problems say why.</returns>
    /// <exception cref="InputDataException">The path is missing, or is a file that can't be read.</exception>
    public static IReadOnlyList<InspectionEntry> Inspect(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Directory.Exists(path) ? FolderInspection.Inspect(path) : FileInspection.Inspect(path);
    }

    /// <summary>Names, for each entry of a file, the first file among all entries with the same bytes (<see cref="InspectionEntry.DuplicateOf"/>).</summary>
    public static IReadOnlyList<InspectionEntry> MarkDuplicates(IReadOnlyList<InspectionEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return DuplicateFiles.Mark(entries);
    }
}
