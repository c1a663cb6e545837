namespace Conjoint.Imaging;

/// <summary>
/// The map from voxel indices (i, j, k), voxel centres at whole numbers, to millimetres in RAS+ space
/// (x to the patient's right, y to anterior, z to superior).
/// </summary>
/// <remarks>Immutable. Rows of the upper 3×4 part of the usual 4×4 matrix.</remarks>
public sealed partial class Affine : IEquatable<Affine>
{
    private readonly double[,] _m;

    /// <summary>Makes the map from its upper three rows.</summary>
    /// <param name="rows">[3, 4]: columns are the steps along i, j, k and the position of voxel (0, 0, 0).</param>
    /// <exception cref="ArgumentException">Not 3×4.</exception>
    public Affine(double[,] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.GetLength(0) != 3 || rows.GetLength(1) != 4)
            throw new ArgumentException($"An affine has 3×4 entries; these are {rows.GetLength(0)}×{rows.GetLength(1)}.", nameof(rows));
        _m = (double[,])rows.Clone();
    }

    /// <summary>Unit spacing, no rotation, origin at voxel (0, 0, 0).</summary>
    public static Affine Identity { get; } = FromSpacing(1, 1, 1);

    /// <summary>Entry of the 3×4 matrix.</summary>
    public double this[int row, int column] => _m[row, column];

    /// <summary>An upright RAS+ grid with the given spacing in mm.</summary>
    public static Affine FromSpacing(double x, double y, double z) =>
        new(new[,] { { x, 0, 0, 0 }, { 0, y, 0, 0 }, { 0, 0, z, 0 } });

    /// <summary>Distance in mm between neighbouring voxels along voxel axis <paramref name="axis"/> (0, 1, 2).</summary>
    public double SpacingMm(int axis) =>
        Math.Sqrt(_m[0, axis] * _m[0, axis] + _m[1, axis] * _m[1, axis] + _m[2, axis] * _m[2, axis]);

    /// <summary>A copy of the matrix, [3, 4].</summary>
    public double[,] ToArray() => (double[,])_m.Clone();

    /// <inheritdoc/>
    public bool Equals(Affine? other)
    {
        if (other is null)
            return false;
        for (var r = 0; r < 3; r++)
        {
            for (var c = 0; c < 4; c++)
            {
                if (!_m[r, c].Equals(other._m[r, c]))
                    return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Affine);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_m[0, 0], _m[1, 1], _m[2, 2], _m[0, 3], _m[1, 3], _m[2, 3]);
}
