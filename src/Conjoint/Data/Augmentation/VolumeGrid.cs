namespace Conjoint.Data.Augmentation;

/// <summary>
/// The grid of a volume in memory: voxel (x, y, z) lies at index x + X (y + Y z), so that the slices are the planes of constant z
/// and an array [N, H, W] in C order is the grid X = W, Y = H, Z = N.
/// </summary>
public readonly record struct VolumeGrid
{
    /// <summary>A grid of the given size and distance between voxel centres.</summary>
    /// <param name="x">Voxels in a row, at least 1.</param>
    /// <param name="y">Rows in a slice, at least 1.</param>
    /// <param name="z">Slices, at least 1.</param>
    /// <param name="spacingMm">Millimetres between voxels along each axis, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1 or a spacing isn't a finite number above 0.</exception>
    public VolumeGrid(int x, int y, int z, AxisValues spacingMm)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(x, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(y, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(z, 1);
        foreach (var spacing in (ReadOnlySpan<double>)[spacingMm.X, spacingMm.Y, spacingMm.Z])
        {
            if (!double.IsFinite(spacing) || spacing <= 0)
            {
                throw new ArgumentOutOfRangeException(nameof(spacingMm), spacingMm, "The spacing must be finite and above 0 along each axis.");
            }
        }

        (X, Y, Z, SpacingMm) = (x, y, z, spacingMm);
    }

    /// <summary>A grid with 1 mm between voxels, as the released code treats its arrays.</summary>
    public VolumeGrid(int x, int y, int z)
        : this(x, y, z, AxisValues.All(1))
    {
    }

    /// <summary>Voxels in a row.</summary>
    public int X { get; }

    /// <summary>Rows in a slice.</summary>
    public int Y { get; }

    /// <summary>Slices.</summary>
    public int Z { get; }

    /// <summary>Millimetres between voxel centres along each axis.</summary>
    public AxisValues SpacingMm { get; }

    /// <summary>Number of voxels.</summary>
    public int VoxelCount => checked(X * Y * Z);

    /// <summary>Voxels along an axis.</summary>
    public int Size(VolumeAxis axis) => axis switch
    {
        VolumeAxis.X => X,
        VolumeAxis.Y => Y,
        VolumeAxis.Z => Z,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "A volume has the axes X, Y and Z."),
    };
}
