namespace Conjoint.Imaging;

/// <summary>One file format. Stateless; every method may be called from several threads at once.</summary>
public interface IImageFormat
{
    /// <summary>The name used in headers and JSON: <c>nifti</c>.</summary>
    string Name { get; }

    /// <summary>Usual ends of file names, in lower case, with the dot.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Whether the content is of this format; the name of the file doesn't count.</summary>
    /// <param name="start">The first bytes of the file, up to <see cref="ImageFormats.DetectionBytes"/>.</param>
    /// <param name="path">The file, for formats that must look further.</param>
    bool Detects(ReadOnlySpan<byte> start, string path);

    /// <summary>The other files that hold the values of this one, when it is a header that names them.</summary>
    /// <exception cref="InputDataException">The file is damaged, or names what is missing or may not be read.</exception>
    IReadOnlyList<string> DataFiles(string path) => [];

    /// <summary>Reads what the file says about its image, but no pixels.</summary>
    /// <exception cref="InputDataException">The file is damaged or of a kind that can't be read.</exception>
    ImageHeader ReadHeader(string path);

    /// <summary>Reads one volume.</summary>
    /// <param name="path">The file.</param>
    /// <param name="frame">Which, from 0.</param>
    /// <exception cref="InputDataException">The file is damaged, holds no volume, or has no such frame.</exception>
    Volume ReadVolume(string path, int frame);

    /// <summary>Reads a plain image, colours as luminance.</summary>
    /// <exception cref="InputDataException">The file is damaged or holds no plain image.</exception>
    Image ReadImage(string path);

    /// <summary>Reads a plain image as a map of labels: like <see cref="ReadImage"/>, but a palette's indices are not looked up.</summary>
    /// <exception cref="InputDataException">The file is damaged or holds no plain image.</exception>
    Image ReadLabels(string path) => ReadImage(path);
}
