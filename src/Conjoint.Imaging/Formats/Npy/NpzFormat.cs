namespace Conjoint.Imaging;

/// <summary>NPZ files; read as an image or volume when they hold exactly one array that can be one.</summary>
internal sealed class NpzFormat : IScannableFormat
{
    public string Name => "npz";

    public IReadOnlyList<string> Extensions { get; } = [".npz"];

    public bool Detects(ReadOnlySpan<byte> start, string path)
    {
        if (start is not [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..])
            return false;
        try
        {
            using var file = NpzFile.Open(path);
            return file.Names.Count > 0;
        }
        catch (InputDataException)
        {
            return false; // Some other archive, or a damaged one that its extension will tell.
        }
    }

    public ImageHeader ReadHeader(string path)
    {
        using var file = NpzFile.Open(path);
        return file.Names.Count == 1
            ? NpyFormat.Describe(file.ReadHeader(file.Names[0]), Name)
            : throw new InputDataException(path, $"holds {file.Names.Count} arrays ({string.Join(", ", file.Names)}); expected one");
    }

    public Volume ReadVolume(string path, int frame)
    {
        if (frame > 0)
            throw new InputDataException(path, $"has one volume; there is no frame {frame} (counted from 0)");
        return NpyFormat.ToVolume(ReadOnly(path, axes: 3), path);
    }

    public Image ReadImage(string path) => NpyFormat.ToImage(ReadOnly(path, axes: 2), path);

    public IReadOnlyList<ScannablePart> Parts(string path)
    {
        using var file = NpzFile.Open(path);
        if (file.Names.Count == 0)
            throw new InputDataException(path, "holds no arrays; expected an NPZ file as np.savez writes it");
        return [.. file.Names.Select(name => new ScannablePart(name, () => ReadHeader(path, name), visitor => Scan(path, name, visitor)))];
    }

    public void Scan(string path, ValueVisitor visitor)
    {
        foreach (var part in Parts(path))
            part.Scan(visitor);
    }

    private static ImageHeader ReadHeader(string path, string name)
    {
        using var file = NpzFile.Open(path);
        return NpyFormat.Describe(file.ReadHeader(name), "npz");
    }

    private static void Scan(string path, string name, ValueVisitor visitor)
    {
        using var file = NpzFile.Open(path);
        NpyFormat.Scan(file.Read(name), visitor);
    }

    /// <summary>The one array with so many axes.</summary>
    private static NpyArray ReadOnly(string path, int axes)
    {
        using var file = NpzFile.Open(path);
        var fitting = file.Names.Where(name => file.ReadHeader(name).Shape.Count == axes).ToList();
        return fitting.Count == 1
            ? file.Read(fitting[0])
            : throw new InputDataException(path,
                $"holds {fitting.Count} arrays of {axes} axes among {string.Join(", ", file.Names)}; expected exactly one");
    }
}
