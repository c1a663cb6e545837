namespace Conjoint.Imaging;

/// <summary>A three-dimensional scan in memory: voxels after slope and intercept, with the geometry of its grid.</summary>
/// <remarks>The axis order is that of the file until <c>ToRas</c> is called; x runs fastest in memory.</remarks>
public sealed class Volume
{
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

    /// <summary>The value at a voxel.</summary>
    public float this[int x, int y, int z] => Voxels[x + SizeX * (y + (long)SizeY * z)];
}
