using System.Buffers;
using System.Numerics;

namespace Conjoint.Data.Augmentation;

/// <summary>
/// Blurs with a Gaussian along each axis (TorchIO's RandomBlur): σ = StdMm / spacing voxels, cut off at int(4σ + 0.5) voxels, values
/// mirrored at the edges. An axis with a standard deviation of 0 stays as it is.
/// </summary>
/// <param name="StdMm">Standard deviations in millimetres, at least 0.</param>
public sealed record BlurTransform(AxisValues StdMm) : VolumeTransform
{
    /// <inheritdoc/>
    public override VolumeTransformKind Kind => VolumeTransformKind.Blur;

    internal static BlurTransform Draw(VolumeTransformSettings settings, RandomStream random)
    {
        var x = random.Uniform(0, settings.MaxBlurStdMm);
        var y = random.Uniform(0, settings.MaxBlurStdMm);
        var z = random.Uniform(0, settings.MaxBlurStdMm);
        return new BlurTransform(new AxisValues(x, y, z));
    }

    private protected override void Transform<T>(ReadOnlySpan<T> volume, VolumeGrid grid, Span<T> destination)
    {
        var scratch = ArrayPool<T>.Shared.Rent(volume.Length);
        var between = scratch.AsSpan(0, volume.Length);

        FilterOrCopy(volume, grid, VolumeAxis.Z, destination);
        FilterOrCopy(destination, grid, VolumeAxis.Y, between);
        FilterOrCopy(between, grid, VolumeAxis.X, destination);
        ArrayPool<T>.Shared.Return(scratch);
    }

    private void FilterOrCopy<T>(ReadOnlySpan<T> source, VolumeGrid grid, VolumeAxis axis, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sigma = StdMm[axis] / grid.SpacingMm[axis];
        var radius = (int)(4 * sigma + 0.5);
        if (radius == 0)
        {
            source.CopyTo(destination); // σ is 0, or too small for the neighbours to count
            return;
        }

        var kernel = new T[radius + 1];
        GaussianFilter.Kernel(sigma, kernel);
        var plane = grid.X * grid.Y;
        switch (axis)
        {
            case VolumeAxis.Z:
                GaussianFilter.AcrossRows(source, grid.Z, plane, kernel, destination);
                break;
            case VolumeAxis.Y:
                for (var z = 0; z < grid.Z; z++)
                {
                    GaussianFilter.AcrossRows(source.Slice(z * plane, plane), grid.Y, grid.X, kernel, destination.Slice(z * plane, plane));
                }

                break;
            default:
                GaussianFilter.AlongRows(source, grid.Y * grid.Z, grid.X, kernel, destination);
                break;
        }
    }
}
