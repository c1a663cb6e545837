using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>Finds the files that a table names: paths are relative to the table's folder or to any folder above it.</summary>
internal sealed class TablePaths
{
    private readonly List<string> _bases = [];

    public TablePaths(string tableFolder)
    {
        // The root of the file system is no base: "etc/x.png" in a table must not mean a file outside the user's data.
        for (var folder = new DirectoryInfo(Path.GetFullPath(tableFolder)); folder?.Parent is not null; folder = folder.Parent)
            _bases.Add(folder.FullName);
    }

    /// <summary>The base that the last file was found in.</summary>
    public string? LastBase { get; private set; }

    /// <summary>The full path of a file, or of a folder, which may be a DICOM series.</summary>
    /// <exception cref="InputDataException">The path is absolute, leads out of its base, or names nothing.</exception>
    public string Find(string stated)
    {
        var path = Relative(stated);

        // Files of a table lie together, so the base that served last is tried first.
        foreach (var folder in LastBase is null ? _bases : _bases.Prepend(LastBase))
        {
            var full = Path.GetFullPath(Path.Combine(folder, path));
            if (File.Exists(full) || Directory.Exists(full))
            {
                LastBase = folder;
                return full;
            }
        }

        throw new InputDataException(stated, "is named by the table but does not exist in its folder or in one above it");
    }

    /// <summary>A stated path with '/' between its parts, after a check that it stays inside whatever it is relative to.</summary>
    /// <exception cref="InputDataException">The path is absolute or leads out of its base.</exception>
    public static string Relative(string stated)
    {
        var path = stated.Replace('\\', '/').Trim();
        if (path.StartsWith('/') || Path.IsPathRooted(path) || path.Contains(':', StringComparison.Ordinal))
            throw new InputDataException(stated, "is an absolute path; a table names files relative to its own folder or to one above it");
        return Leaves(path)
            ? throw new InputDataException(stated, "leads out of the table's folder by '..'; give the path relative to the common folder instead")
            : path;
    }

    private static bool Leaves(string path)
    {
        var depth = 0;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            depth += part switch { "." => 0, ".." => -1, _ => 1 };
            if (depth < 0)
                return true;
        }

        return false;
    }
}
