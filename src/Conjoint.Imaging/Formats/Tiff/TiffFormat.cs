namespace Conjoint.Imaging;

/// <summary>TIFF and BigTIFF: one page is an image, several of one kind are the slices of a stack.</summary>
internal sealed class TiffFormat : IScannableFormat
{
    public const string FormatName = "tiff";
    private const int DicomPreamble = 128;

    public string Name => FormatName;

    public IReadOnlyList<string> Extensions { get; } = [".tif", ".tiff"];

    /// <summary>A DICOM file may hide a TIFF header in its preamble, and is DICOM all the same.</summary>
    public bool Detects(ReadOnlySpan<byte> start, string path) =>
        TiffDirectory.Order(start) is not null
        && !(start.Length >= DicomPreamble + 4 && start.Slice(DicomPreamble, 4).SequenceEqual("DICM"u8));

    public ImageHeader ReadHeader(string path)
    {
        var pages = TiffHeaderReader.Read(path);
        var stack = Stack(pages, path);
        var first = pages[0];
        var problems = new List<string>();
        if (first.Colour == TiffColour.WhiteIsZero)
            problems.Add("its lowest value is white (WhiteIsZero); values are given as stored");
        if (first.Colour == TiffColour.Palette)
            problems.Add("pixels are indices of a palette; they are read as luminance");
        if (stack.Count < pages.Count)
            problems.Add($"has {pages.Count} pages of different kinds; only the first is read");
        if (first.Orientation != ExifOrientation.Upright)
            problems.Add($"is stored turned (orientation {first.Orientation}) and read upright");
        int[] size = [first.UprightWidth, first.UprightHeight, stack.Count];
        return new ImageHeader
        {
            Format = Name,
            Shape = first.Samples == 1 ? size : [.. size, first.Samples],
            DType = first.DType.Name(),
            IsVolume = stack.Count > 1,
            Samples = first.Samples,
            IsInverted = first.Colour == TiffColour.WhiteIsZero,
            Problems = problems,
        };
    }

    public Volume ReadVolume(string path, int frame)
    {
        var stack = Stack(TiffHeaderReader.Read(path), path);
        if (stack.Count == 1)
            throw new InputDataException(path, "is a plain image; expected a volume");
        if (frame > 0)
            throw new InputDataException(path, $"has one volume; there is no frame {frame} (counted from 0)");
        var (width, height) = (stack[0].UprightWidth, stack[0].UprightHeight);
        var voxels = new float[width * height * stack.Count];
        for (var z = 0; z < stack.Count; z++)
            TiffReader.ReadLuminance(path, stack[z]).Pixels.CopyTo(voxels.AsSpan(z * width * height, width * height));
        return new Volume(voxels, width, height, stack.Count, Affine.Identity);
    }

    public Image ReadImage(string path)
    {
        return TiffReader.ReadLuminance(path, Single(path));
    }

    public Image ReadLabels(string path)
    {
        var page = Single(path);
        return page.Colour == TiffColour.Palette ? TiffReader.ReadIndices(path, page) : ReadImage(path);
    }

    public void Scan(string path, ValueVisitor visitor)
    {
        foreach (var page in Stack(TiffHeaderReader.Read(path), path))
            TiffReader.Scan(path, page, visitor);
    }

    /// <summary>All pages when they are of one kind, else the first.</summary>
    private static IReadOnlyList<TiffPage> Stack(IReadOnlyList<TiffPage> pages, string path)
    {
        if (!pages.All(pages[0].IsLike))
            return [pages[0]];
        return (long)pages[0].Width * pages[0].Height * pages.Count <= ImagingLimits.MaxVoxels
            ? pages
            : throw new InputDataException(path, $"declares {pages[0].Width}×{pages[0].Height}×{pages.Count} voxels; at most {ImagingLimits.MaxVoxels} in a volume can be read");
    }

    private static TiffPage Single(string path)
    {
        var stack = Stack(TiffHeaderReader.Read(path), path);
        return stack.Count == 1
            ? stack[0]
            : throw new InputDataException(path, $"is a stack of {stack.Count} pages; expected a plain image");
    }
}
