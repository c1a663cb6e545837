using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>The folder of a data set as adapters look at it: names in one order on every machine, upper and lower case alike, nothing outside of it.</summary>
/// <param name="root">The folder that the user named, which shown paths begin with.</param>
/// <param name="path">The data set's folder: the root, or one in it.</param>
internal sealed class SetFolder(SourceRoot root, string path)
{
    private string[]? _files;

    public string Path { get; } = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    /// <summary>Every file below it, in order; names that begin with a dot are the system's.</summary>
    public IReadOnlyList<string> Files => _files ??= [.. Below(Path, []).Order(StringComparer.Ordinal)];

    /// <summary>A folder in it, whose paths are shown alike.</summary>
    public SetFolder Inner(string folder) => new(root, folder);

    /// <summary>How a path is shown: beginning with the name of the source folder.</summary>
    public string Show(string file) => root.Show(file);

    /// <summary>Path below the data set's folder, with '/' between its parts.</summary>
    public string Relative(string file) => System.IO.Path.GetRelativePath(Path, file).Replace(System.IO.Path.DirectorySeparatorChar, '/');

    /// <summary>The folders that lead from the data set's folder to a file, outermost first.</summary>
    public string[] FoldersOf(string file) => Relative(file).Split('/')[..^1];

    /// <summary>Files whose names end so, wherever they lie.</summary>
    public IEnumerable<string> Ending(params string[] ends) =>
        Files.Where(f => ends.Any(e => f.EndsWith(e, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Volumes in NIfTI files.</summary>
    public IEnumerable<string> Niftis => Ending(".nii", ".nii.gz");

    /// <summary>The file of a name, wherever it lies; the one nearest to the top where there are several; null without.</summary>
    public string? Named(string name) => Files
        .Where(f => string.Equals(System.IO.Path.GetFileName(f), name, StringComparison.OrdinalIgnoreCase))
        .MinBy(f => Relative(f).Count(c => c == '/'));

    /// <summary>The file that a list of the set names, by its path below <paramref name="folder"/>.</summary>
    /// <exception cref="InputDataException">The path leads elsewhere, or names no file.</exception>
    public static string Listed(string folder, string stated)
    {
        var full = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, TablePaths.Relative(stated)));
        return File.Exists(full) ? full : throw new InputDataException(stated, "is listed, but there is no such file");
    }

    /// <summary>The lines of a small list, without empty ones.</summary>
    /// <exception cref="InputDataException">It can't be read, or is no small list.</exception>
    public static IReadOnlyList<string> Lines(string file)
    {
        const long most = 64L << 20;
        try
        {
            return new FileInfo(file).Length <= most
                ? [.. File.ReadLines(file).Select(l => l.Trim()).Where(l => l.Length > 0)]
                : throw new InputDataException(file, $"has more than {most >> 20} MiB; expected a list, one entry a line");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputDataException(file, $"cannot be read ({error.Message})", error);
        }
    }

    /// <summary>The error for a folder that isn't laid out as the set is shipped.</summary>
    /// <param name="set">The set.</param>
    /// <param name="what">What is missing.</param>
    public InputDataException Lacks(IDataSet set, string what) =>
        new(Path, $"has no {what}, so it is not {set.Name} as its owners ship it; docs/datasets.md shows the layout. To prepare it as a plain folder, give --dataset another name");

    /// <summary>A case of a set, from one file.</summary>
    public CasePlan Case(IDataSet set, string file, string subject, PrepareSettings settings, Modality modality) => new()
    {
        Source = Show(file),
        Dataset = set.Name,
        Subject = subject,
        Content = new FileContent(file),
        Modality = settings.Modality ?? modality,
    };

    private static IEnumerable<string> Below(string folder, HashSet<string> seen)
    {
        // Links between folders are followed, but not in circles.
        if (!seen.Add(new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder))
            return [];
        var inner = Directory.EnumerateDirectories(folder).Where(IsVisible).SelectMany(f => Below(f, seen));
        return Directory.EnumerateFiles(folder).Where(IsVisible).Concat(inner);
    }

    private static bool IsVisible(string path) => System.IO.Path.GetFileName(path)[0] != '.';
}
