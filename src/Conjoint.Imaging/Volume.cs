namespace Conjoint.Imaging;

/// <summary>A three-dimensional scan in memory: voxels after slope and intercept, with the geometry of its grid.</summary>
/// <remarks>The axis order is that of the file until <see cref="ToRas"/> is called; x runs fastest in memory.</remarks>
public sealed class Volume
{
    // Spacings in headers are rounded; 0.1 % of 5 mm is far below any true difference.
    private const double SpacingTolerance = 1e-3;

    /// <summary>Wraps an array; it is not copied.</summary>
    /// <param name="voxels">[X·Y·Z], x fastest: index = x + X·(y + Y·z).</param>
    /// <param name="sizeX">Voxels along the first axis; at least 1.</param>
    /// <param name="sizeY">Voxels along the second axis; at least 1.</param>
    /// <param name="sizeZ">Voxels along the third axis; at least 1.</param>
    /// <param name="affine">From voxel indices to mm in RAS+.</param>
    /// <exception cref="ArgumentException">The array's length is not X·Y·Z.</exception>
    public Volume(float[] voxels, int sizeX, int sizeY, int sizeZ, Affine affine)
    {
        ArgumentNullException.ThrowIfNull(voxels);
        ArgumentNullException.ThrowIfNull(affine);
        if (voxels.LongLength != (long)sizeX * sizeY * sizeZ)
            throw new ArgumentException($"{voxels.LongLength} voxels don't fill {sizeX}×{sizeY}×{sizeZ}.", nameof(voxels));
        Voxels = voxels;
        (SizeX, SizeY, SizeZ, Affine) = (sizeX, sizeY, sizeZ, affine);
    }

    /// <summary>The values, x fastest.</summary>
    public float[] Voxels { get; }

    /// <summary>Voxels along the first axis.</summary>
    public int SizeX { get; }

    /// <summary>Voxels along the second axis.</summary>
    public int SizeY { get; }

    /// <summary>Voxels along the third axis.</summary>
    public int SizeZ { get; }

    /// <summary>From voxel indices to mm in RAS+.</summary>
    public Affine Affine { get; }

    /// <summary>Distance in mm between neighbouring voxels along each axis, [3].</summary>
    public IReadOnlyList<double> SpacingMm => [Affine.SpacingMm(0), Affine.SpacingMm(1), Affine.SpacingMm(2)];

    /// <summary>
    /// The axis (0, 1, 2) along which slices are stacked: that of the largest spacing; among axes that agree within 0.1 %,
    /// the one that comes last, so that a cube of RAS+ axes is cut into axial slices.
    /// </summary>
    public int SliceAxis => SliceAxisOf(SpacingMm);

    /// <summary><see cref="SliceAxis"/> of any grid.</summary>
    /// <param name="spacingMm">Distance in mm between neighbouring voxels along each axis, [3].</param>
    public static int SliceAxisOf(IReadOnlyList<double> spacingMm)
    {
        ArgumentNullException.ThrowIfNull(spacingMm);
        var largest = spacingMm.Max();
        return spacingMm[2] >= largest * (1 - SpacingTolerance) ? 2 : spacingMm[1] >= largest * (1 - SpacingTolerance) ? 1 : 0;
    }

    /// <summary>The same scan with its axes in the order and direction closest to RAS+ (right, anterior, superior).</summary>
    /// <returns>The volume (this one when it is already so) and the transform that leads back to the file's axes.</returns>
    /// <remarks>Voxels are only moved, never resampled: an oblique grid stays oblique.</remarks>
    /// <exception cref="InvalidOperationException">The affine can't be inverted.</exception>
    public (Volume Volume, RasTransform Transform) ToRas()
    {
        var transform = RasTransform.For(this);
        return (transform.Apply(this), transform);
    }

    /// <summary>The value at a voxel.</summary>
    public float this[int x, int y, int z] => Voxels[x + SizeX * (y + (long)SizeY * z)];
}
