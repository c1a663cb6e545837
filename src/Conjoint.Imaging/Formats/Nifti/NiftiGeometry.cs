namespace Conjoint.Imaging;

/// <summary>The affine of a NIfTI header, chosen as nibabel chooses: sform, else qform, else spacings alone.</summary>
internal static class NiftiGeometry
{
    // Rounding of three float components can push a unit quaternion this far beyond length 1.
    private const double QuaternionTolerance = 3 * 1.1920929e-7;
    private const double SpacingTolerance = 1e-3;

    /// <summary>The affine in mm, the spacing in mm that the header states, and what is doubtful about them.</summary>
    public static (Affine Affine, double[] SpacingMm, List<string> Problems) Read(NiftiHeader header, string path)
    {
        var problems = new List<string>();
        var unit = header.SpaceUnit switch { 1 => 1000.0, 3 => 0.001, _ => 1.0 };
        if (unit != 1)
            problems.Add($"lengths are stated in {(header.SpaceUnit == 1 ? "metres" : "micrometres")}; they are converted to mm");

        var spacing = Spacing(header, problems);
        var rows = header.Version == 0 ? OfAnalyze(header, spacing, problems)
            : header.SformCode > 0 ? (double[,])header.SRows.Clone()
            : header.QformCode > 0 ? FromQuaternion(header, spacing, path, problems)
            : FromSpacing(header, spacing, problems);

        for (var row = 0; row < 3; row++)
        {
            spacing[row] *= unit;
            for (var column = 0; column < 4; column++)
                rows[row, column] *= unit;
        }

        var affine = new Affine(rows);
        if (!affine.IsInvertible)
            problems.Add("the affine can't be inverted; expected three axes of non-zero length in different directions");
        else if (Enumerable.Range(0, 3).Any(axis => Math.Abs(affine.SpacingMm(axis) - spacing[axis]) > SpacingTolerance * affine.SpacingMm(axis)))
            problems.Add("pixdim and the sform matrix state different spacings; the matrix is used");
        return (affine, spacing, problems);
    }

    private static double[] Spacing(NiftiHeader header, List<string> problems)
    {
        var spacing = new double[3];
        for (var axis = 0; axis < 3; axis++)
        {
            var stated = Math.Abs(header.PixDim[axis + 1]);
            var isUsable = double.IsFinite(stated) && stated > 0;
            spacing[axis] = isUsable ? stated : 1;
            if (!isUsable && axis < header.Dimensions.Length)
                problems.Add($"pixdim states no usable spacing along axis {axis + 1}; 1 mm is assumed");
        }

        return spacing;
    }

    /// <summary>nifti1.h, method 2: rotation by the unit quaternion (a, b, c, d), third axis turned round when qfac is −1.</summary>
    private static double[,] FromQuaternion(NiftiHeader header, double[] spacing, string path, List<string> problems)
    {
        double b = header.Quaternion[0], c = header.Quaternion[1], d = header.Quaternion[2];
        var squared = 1 - (b * b + c * c + d * d);
        if (!(squared >= -QuaternionTolerance))
            throw new InputDataException(path, $"has a qform quaternion ({b:g6}, {c:g6}, {d:g6}) longer than 1; expected a unit quaternion");
        var a = Math.Sqrt(Math.Max(squared, 0));

        var qfac = header.PixDim[0];
        if (qfac is not (1 or -1 or 0))
            problems.Add($"pixdim[0] (qfac) is {qfac:g6}; expected 1 or -1, 1 is assumed");

        double[] length = [spacing[0], spacing[1], qfac == -1 ? -spacing[2] : spacing[2]];
        double[,] rotation =
        {
            { a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c) },
            { 2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b) },
            { 2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c },
        };
        var rows = new double[3, 4];
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
                rows[row, column] = rotation[row, column] * length[column];
            rows[row, 3] = header.QOffset[row];
        }

        return rows;
    }

    /// <summary>Analyze has no directions. As SPM and nibabel take it, x runs to the left; SPM's origin, where it is near the grid, is the world's.</summary>
    private static double[,] OfAnalyze(NiftiHeader header, double[] spacing, List<string> problems)
    {
        var rows = FromSpacing(header, spacing, []);
        problems.Add("is an Analyze 7.5 image, which states no orientation; LAS is assumed");
        var origin = header.OriginVoxel;
        if (origin.All(o => o == 0) || Enumerable.Range(0, 3).Any(axis => origin[axis] <= -header.Size(axis) || origin[axis] >= 2 * header.Size(axis)))
            return rows;
        for (var axis = 0; axis < 3; axis++)
            rows[axis, 3] = -rows[axis, axis] * (origin[axis] - 1);
        return rows;
    }

    /// <summary>Spacings alone say nothing of directions; as nibabel does, x runs to the left and the grid's centre is the origin.</summary>
    private static double[,] FromSpacing(NiftiHeader header, double[] spacing, List<string> problems)
    {
        problems.Add("neither sform nor qform states an orientation; LAS and a centred origin are assumed");
        var rows = new double[3, 4];
        for (var axis = 0; axis < 3; axis++)
        {
            rows[axis, axis] = axis == 0 ? -spacing[axis] : spacing[axis];
            rows[axis, 3] = -rows[axis, axis] * (header.Size(axis) - 1) / 2;
        }

        return rows;
    }
}
