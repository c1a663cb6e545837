using System.Numerics;
using Conjoint.Data.Augmentation;

namespace Conjoint.Tests.Data.Augmentation;

/// <summary>Volumes to transform, and the slow obvious form of what is fast in the product.</summary>
internal static class TestVolumes
{
    public static T[] Random<T>(VolumeGrid grid, long seed)
        where T : unmanaged, INumberBase<T>
    {
        var random = RandomStream.For(seed, 99);
        var values = new T[grid.VoxelCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = T.CreateTruncating((float)random.NextDouble());
        }

        return values;
    }

    /// <summary>A Gaussian cut off at int(4σ + 0.5) along one axis, voxel by voxel.</summary>
    public static double[] BlurPlainly(double[] volume, VolumeGrid grid, VolumeAxis axis, double sigma)
    {
        var radius = (int)(4 * sigma + 0.5);
        if (radius == 0)
        {
            return volume;
        }

        var (size, stride) = (grid.Size(axis), axis switch { VolumeAxis.X => 1, VolumeAxis.Y => grid.X, _ => grid.X * grid.Y });
        var result = new double[volume.Length];
        for (var i = 0; i < volume.Length; i++)
        {
            var at = i / stride % size;
            var (sum, total) = (0.0, 0.0);
            for (var k = -radius; k <= radius; k++)
            {
                var weight = Math.Exp(-0.5 * k * k / (sigma * sigma));
                // Half-sample symmetric edges: the pattern repeats after twice the size.
                var mirrored = ((at + k) % (2 * size) + 2 * size) % (2 * size);
                mirrored = mirrored < size ? mirrored : 2 * size - 1 - mirrored;
                sum += weight * volume[i + (mirrored - at) * stride];
                total += weight;
            }

            result[i] = sum / total;
        }

        return result;
    }
}
