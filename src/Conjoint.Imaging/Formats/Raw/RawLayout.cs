namespace Conjoint.Imaging;

/// <summary>What runs along an axis of a data file.</summary>
internal enum RawAxisKind
{
    /// <summary>A direction in space.</summary>
    Space,

    /// <summary>Images or volumes of one size: time points, gradient directions.</summary>
    Frame,

    /// <summary>The values of one pixel: colours, vector components.</summary>
    Sample,
}

/// <summary>One axis of a data file.</summary>
internal readonly record struct RawAxis(int Size, RawAxisKind Kind);

/// <summary>
/// Where the values of an image are and what they mean: what a header that stands before or beside plain data comes down to.
/// </summary>
internal sealed record RawLayout
{
    /// <summary>The file that the user named; it is the one in error messages.</summary>
    public required string HeaderPath { get; init; }

    /// <summary>Name of the format.</summary>
    public required string Format { get; init; }

    /// <summary>The axes, the fastest first; 2 or 3 in space and nothing else between them.</summary>
    public required IReadOnlyList<RawAxis> Axes { get; init; }

    /// <summary>Encoding of a value.</summary>
    public required ElementType DType { get; init; }

    /// <summary>Whether values have their high bytes first.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>How the values are written down.</summary>
    public RawEncoding Encoding { get; init; }

    /// <summary>The data, in order; each file holds as many values as the others.</summary>
    public required IReadOnlyList<RawFile> Files { get; init; }

    /// <summary>From voxel indices to mm in RAS+.</summary>
    public required Affine Affine { get; init; }

    /// <summary>Distance in mm between voxels along x, y, z; null when the header says nothing.</summary>
    public IReadOnlyList<double>? SpacingMm { get; init; }

    /// <summary>Whether three or four samples are red, green, blue and opacity.</summary>
    public bool IsColour { get; init; }

    /// <summary>What is doubtful about the header.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Whether there are two directions in space.</summary>
    public bool IsPlain => SpaceSizes.Length == 2;

    /// <summary>Voxels along x, y and z; z is 1 for a plain image.</summary>
    public int[] Size => SpaceSizes is [var x, var y] ? [x, y, 1] : SpaceSizes;

    /// <summary>Voxels of one frame.</summary>
    public long FrameVoxels => Product(RawAxisKind.Space);

    /// <summary>Number of frames.</summary>
    public int Frames => (int)Product(RawAxisKind.Frame);

    /// <summary>Values of a voxel.</summary>
    public int Samples => (int)Product(RawAxisKind.Sample);

    /// <summary>The files other than the header's own.</summary>
    public IReadOnlyList<string> DataFiles => [.. Files.Select(file => file.Path).Where(path => path != HeaderPath)];

    /// <summary>Values of all frames.</summary>
    public long Values => FrameVoxels * Frames * Samples;

    private int[] SpaceSizes => [.. Axes.Where(axis => axis.Kind == RawAxisKind.Space).Select(axis => axis.Size)];

    /// <summary>The header in the words that all formats share.</summary>
    public ImageHeader Describe() => new()
    {
        Format = Format,
        Shape = [.. Size, .. Sizes(RawAxisKind.Frame), .. Sizes(RawAxisKind.Sample)],
        DType = DType.Name(),
        SpacingMm = SpacingMm,
        Orientation = IsPlain ? null : Affine.AxisCodes,
        Affine = IsPlain ? null : Affine,
        IsVolume = !IsPlain,
        Frames = Frames,
        Samples = Samples,
        Problems = Problems,
    };

    /// <summary>Checks what no format can allow.</summary>
    /// <exception cref="InputDataException">Too large, or axes in an order that can't be read.</exception>
    public RawLayout Check()
    {
        var space = Axes.Select((axis, index) => (axis, index)).Where(a => a.axis.Kind == RawAxisKind.Space).Select(a => a.index).ToList();
        if (space.Count is not (2 or 3))
            throw new InputDataException(HeaderPath, $"has {space.Count} axes in space; expected an image of 2 or a volume of 3");
        if (space[^1] - space[0] != space.Count - 1)
            throw new InputDataException(HeaderPath, "has an axis of frames or samples between those in space; expected it before or after them");
        if (Axes.Count(axis => axis.Kind == RawAxisKind.Sample) > 1)
            throw new InputDataException(HeaderPath, "has two axes of samples; expected one at most");

        Int128 voxels = 1, values = 1;
        foreach (var axis in Axes)
        {
            if (axis.Size < 1)
                throw new InputDataException(HeaderPath, $"declares an axis of {axis.Size} values; expected 1 or more");
            values *= axis.Size;
            voxels *= axis.Kind == RawAxisKind.Frame ? 1 : axis.Size;
            if (voxels > ImagingLimits.MaxVoxels || values > int.MaxValue * (Int128)ImagingLimits.MaxVoxels || values / voxels > int.MaxValue)
            {
                throw new InputDataException(HeaderPath,
                    $"declares {string.Join('×', Axes.Select(a => a.Size))} values; at most {ImagingLimits.MaxVoxels} in a volume can be read");
            }
        }

        if (space.Count == 2 && FrameVoxels > ImagingLimits.MaxPixels)
            throw new InputDataException(HeaderPath, $"declares {string.Join('×', SpaceSizes)} pixels; at most {ImagingLimits.MaxPixels} can be read");
        if (Files.Count == 0 || values % Files.Count != 0)
            throw new InputDataException(HeaderPath, $"spreads {values} values over {Files.Count} data files; expected as many in each");
        return this;
    }

    /// <summary>Values that lie between neighbouring voxels: the product of the axes before those in space.</summary>
    public long VoxelStep => Axes.TakeWhile(axis => axis.Kind != RawAxisKind.Space).Aggregate(1L, (product, axis) => product * axis.Size);

    /// <summary>Where a sample of a frame begins: the index of the value of its first voxel.</summary>
    public long Start(int frame, int sample)
    {
        long start = 0, stride = 1;
        foreach (var axis in Axes)
        {
            if (axis.Kind == RawAxisKind.Frame)
            {
                start += frame % axis.Size * stride;
                frame /= axis.Size;
            }
            else if (axis.Kind == RawAxisKind.Sample)
            {
                start += sample * stride;
            }

            stride *= axis.Size;
        }

        return start;
    }

    private IEnumerable<int> Sizes(RawAxisKind kind) => Axes.Where(axis => axis.Kind == kind).Select(axis => axis.Size);

    private long Product(RawAxisKind kind) => Sizes(kind).Aggregate(1L, (product, size) => product * size);
}
