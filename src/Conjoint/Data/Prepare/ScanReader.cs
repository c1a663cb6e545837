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
        return scan.IsInverted ? scan with { Window = Mirror(scan.Values, scan.Window) } : scan;
    }

    /// <summary>The mask's values in the stored order of its image.</summary>
    /// <exception cref="InputDataException">A file is missing or damaged, or the mask lies on another grid.</exception>
    public float[] ReadMask(CaseContent content, RawScan image)
    {
        if (content is ContourContent contours)
            return Drawn(contours, image);

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
        SeriesContent { Series: var series } => ReadSeries(series),
        ArchiveContent archive => archives.Read(archive),
        SeriesFilesContent files => ReadSeries(TheSeriesOf(files)),
        _ => throw new ArgumentException($"{content.GetType().Name} can't be read.", nameof(content)),
    };

    /// <summary>
    /// Turns brightness round inside the range of the values, so that bone is bright in every radiograph, whatever its film or file
    /// calls white.
    /// </summary>
    /// <param name="values">Changed in place.</param>
    /// <param name="window">Where the file wants them to be looked at.</param>
    /// <returns>The same part of the values after the change.</returns>
    private static (double Low, double High)? Mirror(Span<float> values, (double Low, double High)? window)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values)
        {
            if (float.IsFinite(value))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        foreach (ref var value in values)
            value = low + (high - value);
        return window is { } stated ? (low + (high - stated.High), low + (high - stated.Low)) : null;
    }

    /// <summary>Contours are in pixels and millimetres of the scan's own grid.</summary>
    private static float[] Drawn(ContourContent contours, RawScan image)
    {
        if (image.Grid is not { } grid || !image.HasGeometry)
            throw new InputDataException(contours.Path, "has contours for slices at positions in mm, but its scan has no geometry");
        var drawn = ContourMask.Draw(LidcReading.Read(contours.Path), grid.Size, grid.Affine, contours.Path);
        var stored = new float[drawn.Length];
        grid.ToStored<float>(drawn, stored);
        return stored;
    }

    /// <summary>The sets of labels of a mask in layers, in the stored order of its image; see <see cref="LayeredMask"/>.</summary>
    /// <param name="content">The layers.</param>
    /// <param name="image">Their image.</param>
    /// <param name="maps">What becomes of the labels, one map after the other.</param>
    /// <exception cref="InputDataException">A file is missing, damaged or of another size, or a label is too large.</exception>
    public ushort[] ReadLayers(LayersContent content, RawScan image, IReadOnlyList<LabelMap> maps)
    {
        var sets = new ushort[image.Values.Length];
        foreach (var layer in content.Layers)
        {
            var labels = layer.HoldsLabels ? MaskLabels.From(ReadMask(new FileContent(layer.Path), image)).Labels : Spread(layer.Path, image);
            var bits = new Dictionary<ushort, ushort> { [0] = 0 };
            for (var i = 0; i < sets.Length; i++)
            {
                if (!bits.TryGetValue(labels[i], out var bit))
                    bits[labels[i]] = bit = BitOf(layer, layer.Label + labels[i] - 1, maps);
                sets[i] |= bit;
            }
        }

        return sets;
    }

    private static ushort BitOf(MaskLayer layer, int label, IReadOnlyList<LabelMap> maps)
    {
        if (label <= ushort.MaxValue)
            label = maps.Aggregate(label, (l, map) => map[l]);
        return label == 0 ? (ushort)0 : label <= LayeredMask.LargestLabel
            ? LayeredMask.Of(label)
            : throw new InputDataException(layer.Path, $"has label {label}; structures that may overlap have labels up to {LayeredMask.LargestLabel}: change it by --mask-labels");
    }

    /// <summary>1 where a layer isn't 0; it may be a whole number of times smaller than its image.</summary>
    private static ushort[] Spread(string path, RawScan image)
    {
        var layer = ImageFile.ReadImage(path);
        var times = image.Width / Math.Max(1, layer.Width);
        if (image.Slices != 1 || times == 0 || (layer.Width * times, layer.Height * times) != (image.Width, image.Height))
        {
            throw new InputDataException(path,
                $"is a mask of {layer.Width}×{layer.Height} pixels, but its image has {Describe(image)}; expected the same size, or a whole number of times smaller");
        }

        var labels = new ushort[image.Values.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = layer.Pixels[i / image.Width / times * layer.Width + i % image.Width / times] > 0 ? (ushort)1 : (ushort)0;
        return labels;
    }

    private static RawScan ReadFile(string path, Func<string, Image> readPlain)
    {
        var header = ImageFile.ReadHeader(path);
        if (!header.IsVolume)
            return Described(RawScan.Of(readPlain(path)), header);
        var scan = Described(RawScan.Of(Invertible(ImageFile.ReadVolume(path), path), HasGeometry(header)), header);
        var problems = header.Format == "dicom" ? header.Problems.Select(problem => $"in its DICOM file: {problem}") : [];
        return header.Frames > 1
            ? scan with { Warnings = [.. problems, $"has {header.Frames} frames; the first is used"] }
            : scan with { Warnings = [.. problems] };
    }

    /// <summary>The one volume that the files make up.</summary>
    private static DicomSeries TheSeriesOf(SeriesFilesContent files)
    {
        var found = DicomSeries.Find(files.Paths);
        if (found.Series is [var series])
            return series;
        throw found.Refused is [var refused, ..] ? refused : new InputDataException(Path.GetDirectoryName(files.Paths[0])!,
            $"holds {found.Series.Count} DICOM volumes and {found.Files.Count} single files; expected the slices of one series");
    }

    private static RawScan ReadSeries(DicomSeries series)
    {
        var header = series.ReadHeader();
        return Described(RawScan.Of(Invertible(series.ReadVolume(), series.Path), HasGeometry(header)), header) with
        {
            Warnings = [.. header.Problems.Select(problem => $"in its DICOM series: {problem}")],
        };
    }

    /// <summary>What the file says of its values.</summary>
    private static RawScan Described(RawScan scan, ImageHeader header) => scan with
    {
        Modality = header.Modality == Modality.Unknown ? null : header.Modality,
        IsInverted = header.IsInverted,
        // PS3.3 C.11.2.1.2: a window of width W and centre C ends half a value before C + W/2.
        Window = header.Window is var (center, width) && width > 1 ? (center - 0.5 - (width - 1) / 2, center - 0.5 + (width - 1) / 2) : null,
    };

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
            IsInverted = ImageFile.ReadHeader(frames.Paths[0]).IsInverted,
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

    internal static bool HasGeometry(ImageHeader header) => header.Affine is not null && header.Format is not ("npy" or "npz" or "tiff");

    private static string Describe(RawScan scan) =>
        scan.IsVolume ? $"{scan.Slices} slices of {scan.Height}×{scan.Width} (rows × columns)" : $"{scan.Width}×{scan.Height} pixels";

    private static string PathOf(CaseContent content) => content switch
    {
        { Files: [var first, ..] } => first,
        _ => "",
    };
}
