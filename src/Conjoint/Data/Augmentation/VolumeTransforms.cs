namespace Conjoint.Data.Augmentation;

/// <summary>Draws the parameters of volume transforms.</summary>
public static class VolumeTransforms
{
    /// <summary>Draws a transform of the given kind for a volume of the given grid.</summary>
    /// <param name="kind">Which of the seven.</param>
    /// <param name="grid">
    /// The volume's grid. <see cref="VolumeTransformKind.Anisotropy"/> leaves out axes of one voxel, as TorchIO does for images, and
    /// draws no factor above the axis's size: TorchIO would turn such a volume into zeros.
    /// </param>
    /// <param name="settings">Ranges of the parameters, free of faults.</param>
    /// <param name="random">Where the parameters are drawn from.</param>
    public static VolumeTransform Draw(VolumeTransformKind kind, VolumeGrid grid, VolumeTransformSettings settings, RandomStream random) =>
        kind switch
        {
            VolumeTransformKind.Flip => FlipTransform.Draw(settings, random),
            VolumeTransformKind.Affine => AffineTransform.Draw(settings, random),
            VolumeTransformKind.Anisotropy => AnisotropyTransform.Draw(grid, settings, random),
            VolumeTransformKind.Noise => NoiseTransform.Draw(settings, random),
            VolumeTransformKind.Blur => BlurTransform.Draw(settings, random),
            VolumeTransformKind.BiasField => BiasFieldTransform.Draw(settings, random),
            VolumeTransformKind.Gamma => GammaTransform.Draw(settings, random),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There are seven kinds of volume transforms."),
        };

    /// <summary>A draw for each axis from ± the range.</summary>
    internal static AxisValues DrawAxes(double range, RandomStream random)
    {
        var x = random.Uniform(-range, range);
        var y = random.Uniform(-range, range);
        var z = random.Uniform(-range, range);
        return new AxisValues(x, y, z);
    }
}
