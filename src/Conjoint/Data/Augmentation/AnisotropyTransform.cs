using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Conjoint.Data.Augmentation;

/// <summary>
/// Makes one axis look as if it had been scanned in thick steps (TorchIO's RandomAnisotropy, after Billot et al., 2020): ceil(n / factor)
/// voxels are taken by nearest neighbour at (j + 0.5) factor - 0.5 and brought back to n by linear interpolation, edges extended.
/// A taken voxel that would lie beyond the volume is 0, as TorchIO leaves it.
/// </summary>
/// <param name="Axis">The axis that is thinned.</param>
/// <param name="Downsampling">The factor, at least 1; 1 leaves the volume as it is.</param>
public sealed record AnisotropyTransform(VolumeAxis Axis, double Downsampling) : VolumeTransform
{
    private const int Beyond = -1;

    /// <inheritdoc/>
    public override VolumeTransformKind Kind => VolumeTransformKind.Anisotropy;

    internal static AnisotropyTransform Draw(VolumeGrid grid, VolumeTransformSettings settings, RandomStream random)
    {
        Span<VolumeAxis> axes = stackalloc VolumeAxis[3];
        var count = 0;
        foreach (var axis in (ReadOnlySpan<VolumeAxis>)[VolumeAxis.X, VolumeAxis.Y, VolumeAxis.Z])
        {
            if (grid.Size(axis) > 1)
            {
                axes[count++] = axis;
            }
        }

        if (count == 0)
        {
            return new AnisotropyTransform(VolumeAxis.X, 1);
        }

        var drawn = axes[random.NextInt(count)];
        var greatest = Math.Min(settings.MaxDownsampling, grid.Size(drawn));
        return new AnisotropyTransform(drawn, random.Uniform(Math.Min(settings.MinDownsampling, greatest), greatest));
    }

    /// <summary>For each voxel of the thinned axis the voxel it is taken from, or -1 where it is 0.</summary>
    internal int[] TakenFrom(int size)
    {
        var taken = new int[(int)Math.Ceiling(size / Downsampling)];
        for (var j = 0; j < taken.Length; j++)
        {
            var position = (j + 0.5) * Downsampling - 0.5;
            taken[j] = position < size - 0.5 ? (int)Math.Floor(position + 0.5) : Beyond;
        }

        return taken;
    }

    private protected override void Transform<T>(ReadOnlySpan<T> volume, VolumeGrid grid, Span<T> destination)
    {
        var size = grid.Size(Axis);
        var taken = TakenFrom(size);
        var steps = new Step<T>[size];
        for (var i = 0; i < size; i++)
        {
            var position = Math.Clamp((i + 0.5) / Downsampling - 0.5, 0, taken.Length - 1);
            var lower = (int)position;
            var upper = Math.Min(lower + 1, taken.Length - 1);
            steps[i] = new Step<T>(taken[lower], taken[upper], T.CreateTruncating(position - lower));
        }

        var plane = grid.X * grid.Y;
        switch (Axis)
        {
            case VolumeAxis.Z:
                AcrossRows(volume, plane, steps, destination);
                break;
            case VolumeAxis.Y:
                for (var z = 0; z < grid.Z; z++)
                {
                    AcrossRows(volume.Slice(z * plane, plane), grid.X, steps, destination.Slice(z * plane, plane));
                }

                break;
            default:
                AlongRows(volume, steps, destination);
                break;
        }
    }

    private static void AcrossRows<T>(ReadOnlySpan<T> source, int rowLength, ReadOnlySpan<Step<T>> steps, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var scratch = ArrayPool<T>.Shared.Rent(rowLength);
        var zeros = scratch.AsSpan(0, rowLength);
        zeros.Clear();
        for (var i = 0; i < steps.Length; i++)
        {
            var lower = steps[i].Lower == Beyond ? zeros : source.Slice(steps[i].Lower * rowLength, rowLength);
            var upper = steps[i].Upper == Beyond ? zeros : source.Slice(steps[i].Upper * rowLength, rowLength);
            Blend(lower, upper, steps[i].Weight, destination.Slice(i * rowLength, rowLength));
        }

        ArrayPool<T>.Shared.Return(scratch);
    }

    private static void AlongRows<T>(ReadOnlySpan<T> source, ReadOnlySpan<Step<T>> steps, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var start = 0; start < source.Length; start += steps.Length)
        {
            var from = source.Slice(start, steps.Length);
            var to = destination.Slice(start, steps.Length);
            for (var i = 0; i < steps.Length; i++)
            {
                var step = steps[i];
                var lower = step.Lower == Beyond ? T.Zero : from[step.Lower];
                var upper = step.Upper == Beyond ? T.Zero : from[step.Upper];
                to[i] = T.FusedMultiplyAdd(step.Weight, upper - lower, lower);
            }
        }
    }

    private static void Blend<T>(ReadOnlySpan<T> lower, ReadOnlySpan<T> upper, T weight, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref var a = ref MemoryMarshal.GetReference(lower);
        ref var b = ref MemoryMarshal.GetReference(upper);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var weights = new Vector<T>(weight);
        var i = 0;
        for (; i <= destination.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var from = Vector.LoadUnsafe(ref a, (nuint)i);
            VectorMath.MultiplyAdd(weights, Vector.LoadUnsafe(ref b, (nuint)i) - from, from).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = T.FusedMultiplyAdd(weight, upper[i] - lower[i], lower[i]);
        }
    }

    /// <summary>A voxel of the result lies between two taken voxels.</summary>
    private readonly record struct Step<T>(int Lower, int Upper, T Weight);
}
