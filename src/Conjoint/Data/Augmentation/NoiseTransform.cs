using System.Numerics;
using System.Runtime.InteropServices;

namespace Conjoint.Data.Augmentation;

/// <summary>Adds Gaussian noise: y = x + (Std n + Mean) with n standard normal, independent for each voxel (TorchIO's RandomNoise).</summary>
/// <param name="Mean">Mean of the noise.</param>
/// <param name="Std">Standard deviation of the noise, at least 0, in the volume's unit.</param>
/// <param name="Seed">Seed of n, so that the noise can be replayed.</param>
public sealed record NoiseTransform(double Mean, double Std, long Seed) : VolumeTransform
{
    private const int PartLength = 64 * NormalField.BlockLength;

    /// <inheritdoc/>
    public override VolumeTransformKind Kind => VolumeTransformKind.Noise;

    internal static NoiseTransform Draw(VolumeTransformSettings settings, RandomStream random)
    {
        var std = random.Uniform(0, settings.MaxNoiseStd);
        return new NoiseTransform(settings.NoiseMean, std, (long)random.NextBits());
    }

    /// <summary>Adds noise made from the given standard-normal field in place of the seed's.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="volume">The voxels.</param>
    /// <param name="field">The field n, one number a voxel.</param>
    /// <param name="destination">Receives the voxels; may be one of the two.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void Apply<T>(ReadOnlySpan<T> volume, ReadOnlySpan<T> field, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (field.Length != volume.Length || destination.Length != volume.Length)
        {
            throw new ArgumentException(
                $"The volume has {volume.Length} voxels, the noise {field.Length}, the destination {destination.Length}; they must be equal.");
        }

        ref var x = ref MemoryMarshal.GetReference(volume);
        ref var n = ref MemoryMarshal.GetReference(field);
        ref var y = ref MemoryMarshal.GetReference(destination);
        var (std, mean) = (T.CreateTruncating(Std), T.CreateTruncating(Mean));
        var (stds, means) = (new Vector<T>(std), new Vector<T>(mean));
        var i = 0;
        for (; i <= volume.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var noise = VectorMath.MultiplyAdd(stds, Vector.LoadUnsafe(ref n, (nuint)i), means);
            (Vector.LoadUnsafe(ref x, (nuint)i) + noise).StoreUnsafe(ref y, (nuint)i);
        }

        for (; i < volume.Length; i++)
        {
            destination[i] = volume[i] + T.FusedMultiplyAdd(std, field[i], mean);
        }
    }

    private protected override void Transform<T>(ReadOnlySpan<T> volume, VolumeGrid grid, Span<T> destination)
    {
        // Parts stay in the nearest cache between being drawn and being added.
        for (var first = 0; first < volume.Length; first += PartLength)
        {
            var part = destination.Slice(first, Math.Min(PartLength, volume.Length - first));
            NormalField.Fill(Seed, first, part);
            Apply(volume.Slice(first, part.Length), part, part);
        }
    }
}
