using System.Security.Cryptography;

namespace Conjoint.Imaging;

/// <summary>Finds files with the same bytes. Only files of one length are read for it.</summary>
internal static class DuplicateFiles
{
    /// <summary>The entries, those of a later file named after the first one with the same content.</summary>
    /// <remarks>Stacks and series are no files and are left alone; so is a file that can't be read again.</remarks>
    public static IReadOnlyList<InspectionEntry> Mark(IReadOnlyList<InspectionEntry> entries)
    {
        var paths = entries.Select(e => e.Path).Distinct(StringComparer.Ordinal).Where(File.Exists).ToArray();
        var first = new Dictionary<string, string>(StringComparer.Ordinal);
        var same = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in paths.GroupBy(p => new FileInfo(p).Length).Where(g => g.Count() > 1).SelectMany(g => g))
        {
            if (Checksum(path) is { } checksum && !first.TryAdd(checksum, path))
                same[path] = first[checksum];
        }

        return same.Count == 0 ? entries : [.. entries.Select(e => same.TryGetValue(e.Path, out var other) ? e with { DuplicateOf = other } : e)];
    }

    private static string? Checksum(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexString(SHA256.HashData(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
