namespace Conjoint.Data.Augmentation;

/// <summary>
/// Rotates, then scales, then shifts a volume about its centre (TorchIO's RandomAffine), with linear interpolation. The voxel at p mm comes
/// from Rᵀ((p - c) / Scales - TranslationMm) + c, with c the centre and R = Rz Rx Ry. Values at the edge extend half a voxel outwards;
/// what lies further outside becomes the volume's minimum.
/// </summary>
/// <param name="Scales">Factors along each axis, above 0; above 1 enlarges.</param>
/// <param name="Degrees">Rotations about each axis.</param>
/// <param name="TranslationMm">Shifts along each axis.</param>
public sealed record AffineTransform(AxisValues Scales, AxisValues Degrees, AxisValues TranslationMm) : VolumeTransform
{
    /// <inheritdoc/>
    public override VolumeTransformKind Kind => VolumeTransformKind.Affine;

    internal static AffineTransform Draw(VolumeTransformSettings settings, RandomStream random)
    {
        var change = VolumeTransforms.DrawAxes(settings.ScaleRange, random);
        var degrees = VolumeTransforms.DrawAxes(settings.RotationDegrees, random);
        var translation = VolumeTransforms.DrawAxes(settings.TranslationMm, random);
        return new AffineTransform(new AxisValues(1 + change.X, 1 + change.Y, 1 + change.Z), degrees, translation);
    }

    /// <summary>From voxel indices of the result to voxel indices of the volume.</summary>
    internal IndexMap InputIndices(VolumeGrid grid)
    {
        var rotation = Rotation(Degrees);
        Span<double> spacing = [grid.SpacingMm.X, grid.SpacingMm.Y, grid.SpacingMm.Z];
        Span<double> scales = [Scales.X, Scales.Y, Scales.Z];
        Span<double> shift = [TranslationMm.X, TranslationMm.Y, TranslationMm.Z];
        Span<double> centre = [(grid.X - 1) / 2.0, (grid.Y - 1) / 2.0, (grid.Z - 1) / 2.0];
        var matrix = new double[3, 3];
        var offset = new double[3];
        for (var to = 0; to < 3; to++)
        {
            offset[to] = centre[to];
            for (var from = 0; from < 3; from++)
            {
                var turned = rotation[from, to] / spacing[to]; // Rᵀ, from millimetres to voxels
                matrix[to, from] = rotation[from, to] * (spacing[from] / spacing[to]) / scales[from];
                offset[to] -= matrix[to, from] * centre[from] + turned * shift[from];
            }
        }

        return new IndexMap(matrix, offset);
    }

    private protected override void Transform<T>(ReadOnlySpan<T> volume, VolumeGrid grid, Span<T> destination) =>
        LinearWarp.Apply(volume, grid, InputIndices(grid), destination);

    /// <summary>R = Rz Rx Ry.</summary>
    private static double[,] Rotation(AxisValues degrees)
    {
        var (sinX, cosX) = Math.SinCos(double.DegreesToRadians(degrees.X));
        var (sinY, cosY) = Math.SinCos(double.DegreesToRadians(degrees.Y));
        var (sinZ, cosZ) = Math.SinCos(double.DegreesToRadians(degrees.Z));
        return new[,]
        {
            { cosZ * cosY - sinZ * sinX * sinY, -sinZ * cosX, cosZ * sinY + sinZ * sinX * cosY },
            { sinZ * cosY + cosZ * sinX * sinY, cosZ * cosX, sinZ * sinY - cosZ * sinX * cosY },
            { -cosX * sinY, sinX, cosX * cosY },
        };
    }
}
