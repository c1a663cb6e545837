using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>Reads the content of a case, and its mask onto the same grid.</summary>
internal sealed class ScanReader(ArchiveCache archives)
{
    private const double MaskTolerance = 0.1; // of the smallest spacing: float32 headers differ by far less, a shifted mask by more

    /// <exception cref="InputDataException">A file is missing or damaged, or frames differ in size.</exception>
    public RawScan Read(CaseContent content)
    {
        var scan = Read(content, ImageFile.ReadImage);
        if (IsInverted(content))
            Mirror(scan.Values);
        return scan;
    }

    /// <summary>The mask's values in the stored order of its image.</summary>
    /// <exception cref="InputDataException">A file is missing or damaged, or the mask lies on another grid.</exception>
    public float[] ReadMask(CaseContent content, RawScan image)
    {
        RawScan mask;
        if (image.Grid is { } grid && content is FileContent file && ImageFile.ReadHeader(file.Path) is { IsVolume: true } header)
        {
            var (volume, hasGeometry) = (Invertible(ImageFile.ReadVolume(file.Path), file.Path), HasGeometry(header));
            mask = hasGeometry && image.HasGeometry ? Upright(volume, grid, file.Path) : SameAxes(volume, grid, file.Path);
        }
        else
        {
            mask = Read(content, ImageFile.ReadLabels); // a palette's colours are for the eye; its indices are the labels
        }

        if ((mask.Slices, mask.Height, mask.Width) != (image.Slices, image.Height, image.Width))
        {
            throw new InputDataException(PathOf(content),
                $"is a mask of {Describe(mask)}, but its image has {Describe(image)}; they must lie on the same grid");
        }

        return mask.Values;
    }

    private RawScan Read(CaseContent content, Func<string, Image> readPlain) => content switch
    {
        FileContent file => ReadFile(file.Path, readPlain),
        FramesContent frames => ReadFrames(frames, readPlain),
        ArchiveContent archive => archives.Read(archive),
        _ => throw new ArgumentException($"{content.GetType().Name} can't be read.", nameof(content)),
    };

    private static bool IsInverted(CaseContent content) => content switch
    {
        FileContent file => ImageFile.ReadHeader(file.Path).IsInverted,
        FramesContent frames => ImageFile.ReadHeader(frames.Paths[0]).IsInverted,
        _ => false,
    };

    /// <summary>
    /// Turns brightness round inside the range of the values, so that bone is bright in every radiograph, whatever its film or file
    /// calls white.
    /// </summary>
    private static void Mirror(Span<float> values)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values)
        {
            if (float.IsFinite(value))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        foreach (ref var value in values)
            value = low + (high - value);
    }

    private static RawScan ReadFile(string path, Func<string, Image> readPlain)
    {
        var header = ImageFile.ReadHeader(path);
        if (!header.IsVolume)
            return RawScan.Of(readPlain(path));
        var scan = RawScan.Of(Invertible(ImageFile.ReadVolume(path), path), HasGeometry(header));
        return header.Frames > 1
            ? scan with { Warnings = [$"has {header.Frames} frames; the first is used"] }
            : scan;
    }

    private static RawScan ReadFrames(FramesContent frames, Func<string, Image> readPlain)
    {
        var first = readPlain(frames.Paths[0]);
        var plane = first.Width * first.Height;
        if ((long)plane * frames.Paths.Count > ImagingLimits.MaxVoxels)
            throw new InputDataException(frames.Paths[0], $"and its {frames.Paths.Count} frames make more voxels than the {ImagingLimits.MaxVoxels} that a volume may have");
        var values = new float[plane * frames.Paths.Count];
        for (var n = 0; n < frames.Paths.Count; n++)
        {
            var frame = n == 0 ? first : readPlain(frames.Paths[n]);
            if ((frame.Width, frame.Height) != (first.Width, first.Height))
            {
                throw new InputDataException(frames.Paths[n],
                    $"has {frame.Width}×{frame.Height} pixels, but the first frame of its volume {first.Width}×{first.Height}; all slices must be alike");
            }

            frame.Pixels.CopyTo(values, n * plane);
        }

        return new RawScan
        {
            Values = values,
            Slices = frames.Paths.Count,
            Height = first.Height,
            Width = first.Width,
            IsVolume = true,
            Warnings = MissingFrames(frames.Paths),
        };
    }

    private static string[] MissingFrames(IReadOnlyList<string> paths)
    {
        var numbers = paths.Select(p => FileNames.Frame(p)?.Number).OfType<long>().ToArray();
        var missing = numbers.Length == paths.Count ? numbers.Max() - numbers.Min() + 1 - numbers.Distinct().Count() : 0;
        return missing > 0 ? [$"lacks {missing} of the frames {numbers.Min()} to {numbers.Max()}; the others are taken as neighbours"] : [];
    }

    /// <summary>A mask with a geometry of its own: turned to RAS+ as its image was, then compared in space.</summary>
    private static RawScan Upright(Volume volume, SourceGrid imageGrid, string path)
    {
        var grid = SourceGrid.Like(volume, imageGrid);
        if (grid.StoredSize != imageGrid.StoredSize)
            return RawScan.Of(volume, true, grid); // the caller tells both sizes
        var (ours, its) = (grid.StoredAffine(), imageGrid.StoredAffine());
        var (slices, height, width) = grid.StoredSize;
        var farthest = 0.0;
        foreach (var (n, h, w) in Corners(slices, height, width))
        {
            var (a, b) = (ours.Apply(n, h, w), its.Apply(n, h, w));
            farthest = Math.Max(farthest, Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2) + Math.Pow(a.Z - b.Z, 2)));
        }

        var allowed = MaskTolerance * Enumerable.Range(0, 3).Min(its.SpacingMm);
        if (farthest > allowed)
        {
            throw new InputDataException(path, FormattableString.Invariant(
                $"is a mask whose affine puts its voxels up to {farthest:0.###} mm away from those of its image; they must lie on the same grid"));
        }

        return RawScan.Of(volume, true, grid);
    }

    /// <summary>Without two geometries to compare, voxel axes have to agree.</summary>
    private static RawScan SameAxes(Volume volume, SourceGrid imageGrid, string path)
    {
        if (!imageGrid.Size.SequenceEqual([volume.SizeX, volume.SizeY, volume.SizeZ]))
        {
            throw new InputDataException(path,
                $"is a mask of {volume.SizeX}×{volume.SizeY}×{volume.SizeZ} voxels, but its image has {string.Join('×', imageGrid.Size)}; they must lie on the same grid");
        }

        return RawScan.Of(volume, false, imageGrid);
    }

    private static Volume Invertible(Volume volume, string path) => volume.Affine.IsInvertible
        ? volume
        : throw new InputDataException(path, "has an affine that can't be inverted, so the directions of its axes are unknown; expected three independent axes with spacing above 0");

    private static IEnumerable<(int N, int H, int W)> Corners(int slices, int height, int width) =>
        from n in new[] { 0, slices - 1 }
        from h in new[] { 0, height - 1 }
        from w in new[] { 0, width - 1 }
        select (n, h, w);

    internal static bool HasGeometry(ImageHeader header) => header.Format is not ("npy" or "npz" or "tiff");

    private static string Describe(RawScan scan) =>
        scan.IsVolume ? $"{scan.Slices} slices of {scan.Height}×{scan.Width} (rows × columns)" : $"{scan.Width}×{scan.Height} pixels";

    private static string PathOf(CaseContent content) => content switch
    {
        FileContent file => file.Path,
        FramesContent frames => frames.Paths[0],
        ArchiveContent archive => archive.Path,
        _ => "",
    };
}
