using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>The values of a case as read, in stored order [slice, row, column], with their geometry.</summary>
internal sealed record RawScan
{
    public required float[] Values { get; init; }

    public required int Slices { get; init; }

    public required int Height { get; init; }

    public required int Width { get; init; }

    public required bool IsVolume { get; init; }

    /// <summary>Null where the source has no voxel axes of its own: images and stacks of them.</summary>
    public SourceGrid? Grid { get; init; }

    /// <summary>How the values lie on the voxels that were read, where they were resampled, cut or padded since; null where not.</summary>
    public GridMap? Map { get; init; }

    /// <summary>Whether the grid's affine was stated by the file.</summary>
    public bool HasGeometry { get; init; }

    /// <summary>What the file says; null where it says nothing.</summary>
    public Modality? Modality { get; init; }

    /// <summary>Whether the file calls its lowest values the brightest.</summary>
    public bool IsInverted { get; init; }

    /// <summary>The part of the values that the file wants to be looked at, black and white; null where it says nothing.</summary>
    public (double Low, double High)? Window { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IReadOnlyList<double> SpacingMm =>
        Grid is null ? [1, 1, 1] : [.. Enumerable.Range(0, 3).Select(a => Grid.Affine.SpacingMm(Grid.Axes[a]) * (Map?.Step[a] ?? 1))];

    /// <summary>From stored voxels (n, h, w) to mm in RAS+; null without a grid.</summary>
    public Affine? StoredAffine => Grid is null ? null : Map?.Compose(Grid.StoredAffine()) ?? Grid.StoredAffine();

    /// <summary>For the stored axes [slice, row, column] the axis of the patient, 0 R, 1 A, 2 S; columns, rows and slices count as those without a grid.</summary>
    public IReadOnlyList<int> RasAxes => Grid?.RasAxes ?? [2, 1, 0];

    public static RawScan Of(Image image) => new()
    {
        Values = image.Pixels,
        Slices = 1,
        Height = image.Height,
        Width = image.Width,
        IsVolume = false,
    };

    /// <param name="volume">In the order of its file.</param>
    /// <param name="hasGeometry">Whether the file states the affine.</param>
    /// <param name="like">Store it along the axes of another scan of the same voxel axes; null finds them.</param>
    public static RawScan Of(Volume volume, bool hasGeometry, SourceGrid? like = null)
    {
        var grid = like is null ? SourceGrid.Of(volume) : like with { Affine = volume.Affine };
        var stored = LargeArrays.Allocate<float>(volume.Voxels.Length);
        grid.ToStored<float>(volume.Voxels, stored);
        var (slices, height, width) = grid.StoredSize;
        return new RawScan { Values = stored, Slices = slices, Height = height, Width = width, IsVolume = true, Grid = grid, HasGeometry = hasGeometry };
    }
}
