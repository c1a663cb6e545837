namespace Conjoint.Data.Augmentation;

/// <summary>An affine map of voxel indices: to = Matrix from + Offset.</summary>
/// <param name="Matrix">[3, 3], rows for the axes x, y, z of what comes out.</param>
/// <param name="Offset">[3].</param>
internal sealed record IndexMap(double[,] Matrix, double[] Offset)
{
    /// <summary>Where the indices lead along one axis (0, 1, 2 for x, y, z).</summary>
    public double At(int axis, int x, int y, int z) =>
        Offset[axis] + Matrix[axis, 0] * x + Matrix[axis, 1] * y + Matrix[axis, 2] * z;
}
