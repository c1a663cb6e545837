using System.Numerics;
using System.Text.Json.Serialization;
using Conjoint.Imaging;

namespace Conjoint.Data.Augmentation;

/// <summary>
/// A transform of a volume with its parameters drawn: the same transform gives the same bits for the same volume (of doubles, on processors
/// of the same instruction set: another may round a logarithm or exponential otherwise). It can be kept as JSON and replayed. Made by
/// <see cref="VolumeTransforms.Draw"/>; immutable and thread-safe.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FlipTransform), nameof(VolumeTransformKind.Flip))]
[JsonDerivedType(typeof(AffineTransform), nameof(VolumeTransformKind.Affine))]
[JsonDerivedType(typeof(AnisotropyTransform), nameof(VolumeTransformKind.Anisotropy))]
[JsonDerivedType(typeof(NoiseTransform), nameof(VolumeTransformKind.Noise))]
[JsonDerivedType(typeof(BlurTransform), nameof(VolumeTransformKind.Blur))]
[JsonDerivedType(typeof(BiasFieldTransform), nameof(VolumeTransformKind.BiasField))]
[JsonDerivedType(typeof(GammaTransform), nameof(VolumeTransformKind.Gamma))]
public abstract record VolumeTransform
{
    private protected VolumeTransform()
    {
    }

    /// <summary>Which of the seven this is.</summary>
    [JsonIgnore]
    public abstract VolumeTransformKind Kind { get; }

    /// <summary>Transforms a volume into another buffer of the same grid.</summary>
    /// <typeparam name="T">float or double; the arithmetic is done in it.</typeparam>
    /// <param name="volume">The voxels in the order of the grid; left as they are.</param>
    /// <param name="grid">Size and spacing.</param>
    /// <param name="destination">Receives the voxels; must not overlap the volume.</param>
    /// <exception cref="ArgumentException">A length isn't the grid's, the buffers overlap, or T is neither float nor double.</exception>
    public void Apply<T>(ReadOnlySpan<T> volume, VolumeGrid grid, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = grid.VoxelCount;
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new ArgumentException($"Volumes are float or double, not {typeof(T).Name}.");
        }

        if (volume.Length != count || destination.Length != count)
        {
            throw new ArgumentException(
                $"A grid of {grid.X}×{grid.Y}×{grid.Z} has {count} voxels; the volume has {volume.Length}, the destination {destination.Length}.");
        }

        if (volume.Overlaps(destination))
        {
            throw new ArgumentException("The destination overlaps the volume; give it a buffer of its own.", nameof(destination));
        }

        Transform(volume, grid, destination);
    }

    /// <summary>Transforms a volume into a new array, see <see cref="Apply{T}(ReadOnlySpan{T}, VolumeGrid, Span{T})"/>.</summary>
    public T[] Apply<T>(ReadOnlySpan<T> volume, VolumeGrid grid)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var destination = LargeArrays.Allocate<T>(grid.VoxelCount);
        Apply(volume, grid, destination);
        return destination;
    }

    private protected abstract void Transform<T>(ReadOnlySpan<T> volume, VolumeGrid grid, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
