namespace Conjoint.Imaging;

/// <summary>Directions and origin of a header, and the affine in RAS+ that they mean.</summary>
internal static class SpaceGeometry
{
    /// <summary>A sign for each axis of the world that leads from LPS (left, posterior, superior) to RAS.</summary>
    public static readonly double[] LpsToRas = [-1, -1, 1];

    /// <summary>Makes the affine of a grid of two or three axes.</summary>
    /// <param name="steps">For each voxel axis the step in the header's space, [2 or 3][3], mm.</param>
    /// <param name="origin">Where voxel (0, 0, 0) lies in the header's space, [3], mm.</param>
    /// <param name="signs">What leads from the header's axes to RAS, [3].</param>
    public static Affine ToRas(IReadOnlyList<double[]> steps, double[] origin, double[] signs)
    {
        var rows = new double[3, 4];
        for (var row = 0; row < 3; row++)
        {
            for (var axis = 0; axis < 3; axis++)
                rows[row, axis] = signs[row] * (axis < steps.Count ? steps[axis][row] : row == axis ? 1 : 0);
            rows[row, 3] = signs[row] * origin[row];
        }

        return new Affine(rows);
    }

    /// <summary>A length above 0 in mm, or 1 with the reason among the problems.</summary>
    public static double Usable(double spacing, int axis, ICollection<string> problems)
    {
        if (double.IsFinite(spacing) && spacing != 0)
            return spacing;
        problems.Add($"states no usable spacing along axis {axis + 1}; 1 mm is assumed");
        return 1;
    }
}
