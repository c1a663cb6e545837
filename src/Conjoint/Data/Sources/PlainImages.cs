namespace Conjoint.Data;

/// <summary>Plain images that belong together: a volume, or single images of one scan.</summary>
/// <param name="Name">Of the volume; of an image, its file's stem.</param>
/// <param name="Subject">What the subject is called where nothing else names one.</param>
/// <param name="Paths">In order; a single one for an image.</param>
/// <param name="IsVolume">Whether they are slices of a volume.</param>
internal sealed record PlainGroup(string Name, string Subject, IReadOnlyList<string> Paths, bool IsVolume)
{
    /// <summary>Whether the volume is the whole folder, so that the folder's name says enough.</summary>
    public bool IsFolder { get; init; }
}

/// <summary>Finds the volumes among the plain images of one folder (SPEC §2).</summary>
internal static class PlainImages
{
    /// <summary>So many images that share a prefix before <c>_frame_NNN</c> are a volume.</summary>
    public const int FewestPrefixedFrames = 8;

    public static IEnumerable<PlainGroup> Group(string folder, IReadOnlyList<string> paths, PrepareAs preparation)
    {
        var folderName = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        var byPrefix = paths.GroupBy(p => FileNames.Frame(p)?.Prefix).OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var group in byPrefix)
        {
            var isWholeFolder = group.Key is null or "";
            var isVolume = IsVolume(group.Key, group.Count(), preparation);
            if (isVolume)
            {
                var name = isWholeFolder ? folderName : group.Key!;
                yield return new PlainGroup(name, name, InOrder(group), true) { IsFolder = isWholeFolder };
                continue;
            }

            foreach (var path in InOrder(group))
            {
                // Single frames of one scan are one person's: the scan's name keeps them in one split.
                var stem = FileNames.Stem(path);
                var subject = group.Key switch { null => stem, "" => folderName, _ => group.Key };
                yield return new PlainGroup(stem, subject, [path], false);
            }
        }
    }

    public static bool IsVolume(string? framePrefix, int count, PrepareAs preparation) => preparation switch
    {
        PrepareAs.Volume => true,
        PrepareAs.Images => false,
        _ => framePrefix is "" || (framePrefix is not null && count >= FewestPrefixedFrames),
    };

    private static string[] InOrder(IEnumerable<string> paths)
    {
        var sorted = paths.ToArray();
        Array.Sort(sorted, (a, b) =>
        {
            var byNumber = (FileNames.Frame(a)?.Number ?? 0).CompareTo(FileNames.Frame(b)?.Number ?? 0);
            return byNumber != 0 ? byNumber : FileNames.CompareNatural(Path.GetFileName(a), Path.GetFileName(b));
        });
        return sorted;
    }
}
