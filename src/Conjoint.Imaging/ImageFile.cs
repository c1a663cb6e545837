namespace Conjoint.Imaging;

/// <summary>Reads images and volumes of any known format.</summary>
public static class ImageFile
{
    /// <summary>The format of a file: by its content, else by the end of its name; null when neither is known.</summary>
    /// <exception cref="InputDataException">The file is missing or can't be opened.</exception>
    public static IImageFormat? Identify(string path)
    {
        if (InputFile.HasNoLength(path))
            return ByName(path);
        Span<byte> start = stackalloc byte[ImageFormats.DetectionBytes];
        int length;
        using (var stream = InputFile.Open(path))
            length = InputFile.ReadAtMost(stream, start, path);

        foreach (var format in ImageFormats.All)
        {
            if (format.Detects(start[..length], path))
                return format;
        }

        return ByName(path);
    }

    /// <summary>Whether the file has a known format, by content or name; its header may still prove to be damaged.</summary>
    /// <exception cref="InputDataException">The file is missing or can't be opened.</exception>
    public static bool IsReadable(string path) => Identify(path) is not null;

    /// <summary>The other files that hold the values of a header file (MetaImage, NRRD); empty for a file that is whole.</summary>
    /// <exception cref="InputDataException">Missing, of an unknown format, damaged, or naming what is missing or may not be read.</exception>
    public static IReadOnlyList<string> DataFiles(string path) => FormatOf(path).DataFiles(path);

    /// <summary>Reads what the file says about its image, but no pixels.</summary>
    /// <exception cref="InputDataException">Missing, of an unknown format, or damaged.</exception>
    public static ImageHeader ReadHeader(string path) => FormatOf(path).ReadHeader(path);

    /// <summary>Reads one volume with the axes of its file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="frame">Which volume of a 4D file, from 0.</param>
    /// <exception cref="InputDataException">Missing, of an unknown format, damaged, no volume, or without that frame.</exception>
    public static Volume ReadVolume(string path, int frame = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        return FormatOf(path).ReadVolume(path, frame);
    }

    /// <summary>Reads a plain image; colours become luminance, 0.299 R + 0.587 G + 0.114 B.</summary>
    /// <exception cref="InputDataException">Missing, of an unknown format, damaged, or no plain image.</exception>
    public static Image ReadImage(string path) => FormatOf(path).ReadImage(path);

    /// <summary>Reads a plain image as a map of labels: like <see cref="ReadImage"/>, but a palette's indices are not looked up.</summary>
    /// <exception cref="InputDataException">Missing, of an unknown format, damaged, or no plain image.</exception>
    public static Image ReadLabels(string path) => FormatOf(path).ReadLabels(path);

    private static IImageFormat? ByName(string path) => ImageFormats.All.FirstOrDefault(format =>
        format.Extensions.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)));

    internal static IImageFormat FormatOf(string path)
    {
        if (Identify(path) is { } format)
            return format;
        var header = Path.ChangeExtension(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path, ".hdr");
        throw new InputDataException(path, path.Contains(".img", StringComparison.OrdinalIgnoreCase) && File.Exists(header)
            ? $"holds the voxels of a pair; name its header {Path.GetFileName(header)} instead"
            : $"has no known format; expected {string.Join(", ", ImageFormats.All.SelectMany(known => known.Extensions))}");
    }
}
