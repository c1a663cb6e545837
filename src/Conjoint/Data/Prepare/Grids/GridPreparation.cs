using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>A scan before and after it was brought to the grid that settings ask for.</summary>
/// <param name="Read">As it was read; its slices may run along another axis than its own spacing would choose.</param>
/// <param name="Stored">As a store holds it: the same where nothing had to change.</param>
/// <param name="Labels">The mask on the stored grid; null without one.</param>
internal sealed record GridPreparation(RawScan Read, RawScan Stored, ushort[]? Labels)
{
    /// <summary>Resamples, then cuts, then pads a volume; plain images stay as they are.</summary>
    /// <param name="scan">Values in [0, 1].</param>
    /// <param name="labels">Its mask on the same grid, or null.</param>
    /// <param name="settings">Spacing, crop and pad.</param>
    /// <param name="warnings">Receives what a reader should know.</param>
    /// <exception cref="InputDataException">The new grid has too many voxels. The path is empty.</exception>
    public static GridPreparation Of(RawScan scan, ushort[]? labels, PrepareSettings settings, List<string> warnings)
    {
        if (!scan.IsVolume || !settings.ChangesGrid)
            return new GridPreparation(scan, scan, labels);

        var spacing = scan.HasGeometry ? settings.Spacing?.For(scan.SpacingMm) : null;
        if (settings.Spacing is not null && spacing is null)
            warnings.Add("states no voxel size, so it was not resampled");
        if (spacing is not null)
            (scan, labels) = WithSlicesAlong(SliceAxis(scan, spacing), scan, labels);

        var grids = Grids(scan, labels, spacing, settings, warnings);
        if (grids.All(g => g.IsIdentity))
            return new GridPreparation(scan, scan, labels);
        var stored = scan with
        {
            Values = GridResampling.Values(scan.Values, grids),
            Slices = grids[0].Size,
            Height = grids[1].Size,
            Width = grids[2].Size,
            Map = new GridMap
            {
                SourceSize = [.. grids.Select(g => g.Source)],
                Size = [.. grids.Select(g => g.Size)],
                Step = [.. grids.Select(g => g.Step)],
                Offset = [.. grids.Select(g => g.Offset)],
            },
        };
        return new GridPreparation(scan, stored, labels is null ? null : GridResampling.Labels(labels, grids));
    }

    private static AxisGrid[] Grids(RawScan scan, ushort[]? labels, IReadOnlyList<double>? spacing, PrepareSettings settings, List<string> warnings)
    {
        int[] size = [scan.Slices, scan.Height, scan.Width];
        var ras = scan.RasAxes;
        var box = settings.Crop == CropTarget.Foreground ? Foreground.Box(scan.Values, labels, scan.Slices, scan.Height, scan.Width) : null;
        if (settings.Crop == CropTarget.Foreground && box is null)
            warnings.Add("has nothing brighter than its background, so it was not cut");
        var grids = new AxisGrid[3];
        for (var a = 0; a < 3; a++)
        {
            grids[a] = spacing is null ? AxisGrid.Unchanged(size[a]) : AxisGrid.Resampled(size[a], spacing[ras[a]] / scan.SpacingMm[a]);
            if (box is not null)
                grids[a] = grids[a].CutToSource(box[a].Low, box[a].High);
            grids[a] = grids[a].To(settings.Crop?.Size, settings.Pad, ras[a]);
        }

        if ((double)grids[0].Size * grids[1].Size * grids[2].Size > ImagingLimits.MaxVoxels)
        {
            throw new InputDataException("",
                $"would have {string.Join('×', grids.Select(g => g.Size))} voxels on the grid that is asked for; expected at most {ImagingLimits.MaxVoxels} in all: choose a larger spacing or a smaller size");
        }

        return grids;
    }

    /// <summary>The RAS axis along which slices run on the new grid, by the rule of all grids.</summary>
    private static int SliceAxis(RawScan scan, IReadOnlyList<double> spacing)
    {
        var (size, after) = (new int[3], new double[3]);
        foreach (var (stored, axis) in scan.RasAxes.Index())
        {
            size[axis] = stored switch { 0 => scan.Slices, 1 => scan.Height, _ => scan.Width };
            after[axis] = size[axis] == 1 ? scan.SpacingMm[stored] : spacing[axis];
        }

        return SourceGrid.SliceAxis(size, after);
    }

    private static (RawScan Scan, ushort[]? Labels) WithSlicesAlong(int axis, RawScan scan, ushort[]? labels)
    {
        if (scan.RasAxes[0] == axis)
            return (scan, labels);
        var (before, after) = (scan.Grid!, scan.Grid!.WithSlicesAlong(axis));
        var (slices, height, width) = after.StoredSize;
        return (scan with { Values = Turned(scan.Values), Slices = slices, Height = height, Width = width, Grid = after }, labels is null ? null : Turned(labels));

        T[] Turned<T>(T[] values)
        {
            var (source, stored) = (new T[values.Length], new T[values.Length]);
            before.ToSource<T>(values, source);
            after.ToStored<T>(source, stored);
            return stored;
        }
    }
}
