namespace Conjoint.Imaging;

/// <content>Inverse, composition and anatomical directions.</content>
public sealed partial class Affine
{
    private const double ClosestRotationTolerance = 1e-12;
    private const int ClosestRotationSteps = 100;

    /// <summary>Determinant of the 3×3 part: mm³ of one voxel, negative when the axes are left-handed.</summary>
    public double Determinant => Determinant3(_m);

    /// <summary>Whether every entry is finite and the three axes span space (the sine-like volume of their directions is above 1e-6).</summary>
    public bool IsInvertible
    {
        get
        {
            foreach (var entry in _m)
            {
                if (!double.IsFinite(entry))
                    return false;
            }

            var product = SpacingMm(0) * SpacingMm(1) * SpacingMm(2);
            return product > 0 && double.IsFinite(product) && Math.Abs(Determinant) > 1e-6 * product;
        }
    }

    /// <summary>
    /// Where each voxel axis points, e.g. <c>RAS</c> or <c>LPS</c>: the letters of nibabel's <c>aff2axcodes</c>, which takes
    /// the closest rotation of an oblique or sheared grid. Null when the affine can't be inverted.
    /// </summary>
    public string? AxisCodes
    {
        get
        {
            if (!IsInvertible)
                return null;
            var (axes, flips) = ClosestAxes();
            return string.Create(3, (axes, flips), static (letters, to) =>
            {
                for (var i = 0; i < 3; i++)
                    letters[i] = (to.flips[i] ? "LPI" : "RAS")[to.axes[i]];
            });
        }
    }

    /// <summary>Where a voxel index lies, mm in RAS+.</summary>
    public (double X, double Y, double Z) Apply(double i, double j, double k) =>
        (Row(0, i, j, k), Row(1, i, j, k), Row(2, i, j, k));

    /// <summary>The map from mm back to voxel indices.</summary>
    /// <exception cref="InvalidOperationException">The affine can't be inverted.</exception>
    public Affine Inverse()
    {
        if (!IsInvertible)
            throw new InvalidOperationException("This affine can't be inverted; its axes don't span space.");

        var inverse = Inverse3(_m);
        var rows = new double[3, 4];
        for (var r = 0; r < 3; r++)
        {
            for (var c = 0; c < 3; c++)
            {
                rows[r, c] = inverse[r, c];
                rows[r, 3] -= inverse[r, c] * _m[c, 3];
            }
        }

        return new Affine(rows);
    }

    /// <summary>The map that applies <paramref name="first"/> and then this one (the matrix product this · first).</summary>
    public Affine Compose(Affine first)
    {
        ArgumentNullException.ThrowIfNull(first);
        var rows = new double[3, 4];
        for (var r = 0; r < 3; r++)
        {
            for (var c = 0; c < 4; c++)
                rows[r, c] = _m[r, 0] * first[0, c] + _m[r, 1] * first[1, c] + _m[r, 2] * first[2, c] + (c == 3 ? _m[r, 3] : 0);
        }

        return new Affine(rows);
    }

    /// <summary>For each voxel axis the world axis (0 x, 1 y, 2 z) it is closest to, and whether it runs against it.</summary>
    /// <remarks>nibabel's io_orientation; only for invertible affines.</remarks>
    internal (int[] WorldAxis, bool[] Reversed) ClosestAxes()
    {
        var rotation = ClosestRotation();
        var axes = new int[3];
        var reversed = new bool[3];
        var taken = new bool[3];
        for (var i = 0; i < 3; i++)
        {
            var best = -1;
            for (var r = 0; r < 3; r++)
            {
                if (!taken[r] && (best < 0 || Math.Abs(rotation[r, i]) > Math.Abs(rotation[best, i])))
                    best = r;
            }

            taken[best] = true;
            (axes[i], reversed[i]) = (best, rotation[best, i] < 0);
        }

        return (axes, reversed);
    }

    private double Row(int r, double i, double j, double k) => _m[r, 0] * i + _m[r, 1] * j + _m[r, 2] * k + _m[r, 3];

    /// <summary>The orthogonal factor of the polar decomposition of the axis directions, by Newton's iteration R ← (R + R⁻ᵀ)/2.</summary>
    private double[,] ClosestRotation()
    {
        var rotation = new double[3, 3];
        for (var c = 0; c < 3; c++)
        {
            for (var r = 0; r < 3; r++)
                rotation[r, c] = _m[r, c] / SpacingMm(c);
        }

        for (var step = 0; step < ClosestRotationSteps; step++)
        {
            var inverse = Inverse3(rotation);
            var change = 0.0;
            for (var r = 0; r < 3; r++)
            {
                for (var c = 0; c < 3; c++)
                    change = Math.Max(change, Math.Abs(inverse[c, r] - rotation[r, c]));
            }

            for (var r = 0; r < 3; r++)
            {
                for (var c = r; c < 3; c++)
                    (rotation[r, c], rotation[c, r]) = ((rotation[r, c] + inverse[c, r]) / 2, (rotation[c, r] + inverse[r, c]) / 2);
            }

            if (change < ClosestRotationTolerance)
                break;
        }

        return rotation;
    }

    private static double Determinant3(double[,] m) =>
        m[0, 0] * (m[1, 1] * m[2, 2] - m[1, 2] * m[2, 1])
        - m[0, 1] * (m[1, 0] * m[2, 2] - m[1, 2] * m[2, 0])
        + m[0, 2] * (m[1, 0] * m[2, 1] - m[1, 1] * m[2, 0]);

    private static double[,] Inverse3(double[,] m)
    {
        var determinant = Determinant3(m);
        var inverse = new double[3, 3];
        for (var r = 0; r < 3; r++)
        {
            for (var c = 0; c < 3; c++)
            {
                // Cofactors by cyclic indices carry their sign.
                int r1 = (c + 1) % 3, r2 = (c + 2) % 3, c1 = (r + 1) % 3, c2 = (r + 2) % 3;
                inverse[r, c] = (m[r1, c1] * m[r2, c2] - m[r1, c2] * m[r2, c1]) / determinant;
            }
        }

        return inverse;
    }
}
