using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>How large the cases of a plan will be, from their headers alone.</summary>
internal static class VoxelEstimate
{
    private const int StoredBytes = 2;
    private const int StoredMaskBytes = 1;

    // While a case is made: the file's bytes, its values, the values in stored order, halves; about the same again for the mask.
    private const int WorkBytes = 16;
    private const int MaskWorkBytes = 14;

    // On another grid: the values before and after an axis, halves; the mask's labels.
    private const int GridBytes = 10;
    private const int MaskGridBytes = 4;

    /// <summary>Bytes of a case's arrays.</summary>
    /// <param name="plan">The case.</param>
    /// <param name="voxels">Voxels that are stored, as <see cref="OnGrid"/> has them.</param>
    public static long Stored(CasePlan plan, long voxels) => voxels * (StoredBytes + (plan.Mask is null ? 0 : StoredMaskBytes));

    /// <summary>Bytes of memory while a case is made.</summary>
    /// <param name="plan">The case.</param>
    /// <param name="voxels">Voxels that are read.</param>
    /// <param name="stored">Voxels that are stored.</param>
    /// <param name="settings">Whether they go to another grid.</param>
    public static long Work(CasePlan plan, long voxels, long stored, PrepareSettings settings) =>
        voxels * (WorkBytes + (plan.Mask is null ? 0 : MaskWorkBytes))
        + (settings.ChangesGrid ? stored * (GridBytes + (plan.Mask is null ? 0 : MaskGridBytes)) : 0);

    /// <summary>
    /// Voxels of each plan on the grid that settings ask for; for the foreground's box, which no header knows, those of the whole
    /// volume. Archives and series count as on their own grid.
    /// </summary>
    public static long[] OnGrid(IReadOnlyList<CasePlan> plans, long[] voxels, PrepareSettings settings) =>
        settings.ChangesGrid ? [.. plans.Select((plan, i) => OfContent(plan.Content, voxels[i], settings))] : voxels;

    /// <summary>Voxels of each plan; 0 where a header can't be read, which is told when the case is made.</summary>
    public static long[] Voxels(IReadOnlyList<CasePlan> plans)
    {
        var archives = new Dictionary<(string, string), long>();
        var voxels = new long[plans.Count];
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = plans[i].Content switch
            {
                FileContent file => OfFile(file.Path),
                SeriesContent { Series: var series } => Product(series.ReadHeader().Shape.Take(3)),
                FramesContent or SeriesFilesContent => OfFile(plans[i].Content.Files[0]) * plans[i].Content.Files.Count,
                ArchiveContent archive => OfArchive(archive, archives),
                _ => 0,
            };
        }

        return voxels;
    }

    private static long OfContent(CaseContent content, long voxels, PrepareSettings settings)
    {
        try
        {
            return content switch
            {
                FileContent file when ImageFile.ReadHeader(file.Path) is { IsVolume: true } header =>
                    OfShape(header.Shape, ScanReader.HasGeometry(header) ? header.SpacingMm : null, header.Orientation, settings),
                FramesContent frames => OfShape([.. ImageFile.ReadHeader(frames.Paths[0]).Shape.Take(2), frames.Paths.Count], null, null, settings),
                _ => voxels,
            };
        }
        catch (InputDataException)
        {
            return 0;
        }
    }

    /// <param name="shape">Voxels along x, y, z of the file.</param>
    /// <param name="spacingMm">Its spacing; null where it states none.</param>
    /// <param name="codes">Letters of its axes; null where they are taken for R, A, S.</param>
    /// <param name="settings">Spacing, crop and pad.</param>
    private static long OfShape(IReadOnlyList<int> shape, IReadOnlyList<double>? spacingMm, string? codes, PrepareSettings settings)
    {
        var wanted = spacingMm is null ? null : settings.Spacing?.For(spacingMm);
        var product = 1.0;
        for (var axis = 0; axis < 3; axis++)
        {
            var ras = (codes ?? "RAS")[axis] switch { 'R' or 'L' => 0, 'A' or 'P' => 1, _ => 2 };
            var grid = wanted is null ? AxisGrid.Unchanged(shape[axis]) : AxisGrid.Resampled(shape[axis], wanted[ras] / spacingMm![axis]);
            product *= grid.To(settings.Crop?.Size, settings.Pad, ras).Size;
        }

        return product <= ImagingLimits.MaxVoxels ? (long)product : 0; // too many are refused when the case is made
    }

    private static long OfFile(string path)
    {
        try
        {
            return Product(ImageFile.ReadHeader(path).Shape.Take(3));
        }
        catch (InputDataException)
        {
            return 0;
        }
    }

    private static long OfArchive(ArchiveContent content, Dictionary<(string, string), long> known)
    {
        if (!known.TryGetValue((content.Path, content.Entry), out var voxels))
        {
            using var archive = NpzFile.Open(content.Path);
            voxels = Product(archive.ReadHeader(content.Entry).Shape.Skip(content.Row is null ? 0 : 1));
            known[(content.Path, content.Entry)] = voxels;
        }

        return voxels;
    }

    private static long Product(IEnumerable<int> sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
