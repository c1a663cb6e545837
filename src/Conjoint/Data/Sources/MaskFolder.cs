using System.Text.RegularExpressions;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>The masks in the folder beside the images, found by name.</summary>
internal sealed partial class MaskFolder
{
    private readonly string _folder;
    private readonly SortedDictionary<string, string> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = [];

    public MaskFolder(string folder)
    {
        _folder = folder;
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var dataFiles = Formats.DataFiles(files).ToHashSet();
        foreach (var file in files)
        {
            if (Path.GetFileName(file)[0] != '.' && !dataFiles.Contains(Path.GetFullPath(file)))
                _byName.TryAdd(Key(folder, file), file);
        }
    }

    /// <summary>Masks that no image has asked for.</summary>
    public IEnumerable<string> Unused => _byName.Values.Where(m => !_used.Contains(m));

    /// <summary>The mask of a case; null without one.</summary>
    /// <exception cref="InputDataException">Some frames of a volume have a mask and some have none.</exception>
    public CaseContent? For(CaseContent content, string imagesFolder)
    {
        switch (content)
        {
            case FileContent file:
                return Find(imagesFolder, file.Path) is { } mask ? new FileContent(mask) : null;
            case SeriesContent { Series: var series }:
                return Find(imagesFolder, series.Path) is { } ofSeries ? new FileContent(ofSeries) : null;
            case FramesContent frames:
                // The whole volume's mask may be one file with the name of the frames' folder.
                if (Find(imagesFolder, Path.GetDirectoryName(frames.Paths[0])!) is { } whole)
                    return new FileContent(whole);
                var masks = frames.Paths.Select(p => Find(imagesFolder, p)).OfType<string>().ToArray();
                if (masks.Length is var count && count > 0 && count < frames.Paths.Count)
                    throw new InputDataException(_folder, $"only {count} of its {frames.Paths.Count} frames have a mask; expected all or none");
                return masks.Length == 0 ? null : new FramesContent(masks);
            default:
                return null;
        }
    }

    /// <summary>nnU-Net appends the number of the channel to the names of images, but not of masks.</summary>
    private static string WithoutChannel(string name) => Channel().Replace(name, "");

    private string? Find(string imagesFolder, string image)
    {
        var key = Key(imagesFolder, image);
        if (!_byName.TryGetValue(key, out var mask) && !_byName.TryGetValue(WithoutChannel(key), out mask))
            return null;
        _used.Add(mask);
        return mask;
    }

    private static string Key(string folder, string file)
    {
        var inner = Path.GetDirectoryName(Path.GetRelativePath(folder, file)) ?? "";
        return Path.Combine(inner, FileNames.Stem(file));
    }

    [GeneratedRegex(@"_\d{4}$")]
    private static partial Regex Channel();
}
