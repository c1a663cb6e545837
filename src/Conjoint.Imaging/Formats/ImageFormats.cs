namespace Conjoint.Imaging;

/// <summary>Every format that can be read.</summary>
public static class ImageFormats
{
    /// <summary>How many first bytes of a file <see cref="IImageFormat.Detects"/> gets.</summary>
    public const int DetectionBytes = 560;

    /// <summary>The formats; adding one is adding its line here.</summary>
    public static IReadOnlyList<IImageFormat> All { get; } =
    [
        new NiftiFormat(),
        new DicomFormat(),
        new PngFormat(),
        new JpegFormat(),
        new GifFormat(),
        new NpyFormat(),
        new NpzFormat(),
        new MetaImageFormat(),
        new NrrdFormat(),
        new TiffFormat(),
        new JsrtFormat(),
    ];
}
