namespace Conjoint.Data;

/// <summary>The folder or file that the user named, and how paths in it are shown: beginning with its name, so that no path of the machine gets into a store.</summary>
internal sealed class SourceRoot
{
    private readonly string _full;

    public SourceRoot(string path)
    {
        _full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        Name = Path.GetFileName(_full) is { Length: > 0 } name ? name : "root";
    }

    public string Name { get; }

    /// <summary>The path below the root's parent; of a file elsewhere (a table may name one), its path below the parent of the table's base.</summary>
    public string Show(string path, string? elsewhereBase = null)
    {
        var full = Path.GetFullPath(path);
        if (full == _full)
            return Name;
        var relative = Path.GetRelativePath(_full, full);
        if (!relative.StartsWith("..", StringComparison.Ordinal))
            return $"{Name}/{Slashed(relative)}";
        return elsewhereBase is null ? Path.GetFileName(full) : Slashed(Path.GetRelativePath(elsewhereBase, full));
    }

    private static string Slashed(string path) => path.Replace(Path.DirectorySeparatorChar, '/');
}
