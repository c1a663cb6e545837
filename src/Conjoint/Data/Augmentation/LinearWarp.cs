using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Conjoint.Data.Augmentation;

/// <summary>Reads a volume at affinely mapped positions by linear interpolation.</summary>
internal static class LinearWarp
{
    /// <summary>
    /// destination[i] = volume at map(i). A position is inside when it is at least -0.5 and below n - 0.5 on each axis; there the
    /// edges extend. Outside is the volume's minimum.
    /// </summary>
    public static void Apply<T>(ReadOnlySpan<T> volume, VolumeGrid grid, IndexMap map, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var outside = Minimum(volume);
        for (var z = 0; z < grid.Z; z++)
        {
            for (var y = 0; y < grid.Y; y++)
            {
                var line = new Line<T>(map, y, z);
                var row = destination.Slice((z * grid.Y + y) * grid.X, grid.X);
                if (typeof(T) == typeof(float) && Avx2.IsSupported && Fma.IsSupported && grid.X >= Vector256<float>.Count)
                {
                    EightAtATime(
                        MemoryMarshal.Cast<T, float>(volume), grid, Unsafe.BitCast<Line<T>, Line<float>>(line),
                        Unsafe.BitCast<T, float>(outside), MemoryMarshal.Cast<T, float>(row));
                }
                else
                {
                    OneByOne(volume, grid, line, outside, row);
                }
            }
        }
    }

    /// <summary>The plain form: any machine, either precision.</summary>
    internal static void OneByOne<T>(ReadOnlySpan<T> volume, VolumeGrid grid, Line<T> line, T outside, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var stepX = grid.X > 1 ? 1 : 0;
        var stepY = grid.Y > 1 ? grid.X : 0;
        var stepZ = grid.Z > 1 ? grid.X * grid.Y : 0;
        for (var i = 0; i < destination.Length; i++)
        {
            var steps = T.CreateTruncating(i);
            var isInside = Cell(T.FusedMultiplyAdd(steps, line.StepX, line.X), grid.X, out var x, out var fx)
                & Cell(T.FusedMultiplyAdd(steps, line.StepY, line.Y), grid.Y, out var y, out var fy)
                & Cell(T.FusedMultiplyAdd(steps, line.StepZ, line.Z), grid.Z, out var z, out var fz);
            if (!isInside)
            {
                destination[i] = outside;
                continue;
            }

            var corner = x + grid.X * (y + grid.Y * z);
            destination[i] = Between(
                Between(
                    Between(volume[corner], volume[corner + stepX], fx),
                    Between(volume[corner + stepY], volume[corner + stepY + stepX], fx),
                    fy),
                Between(
                    Between(volume[corner + stepZ], volume[corner + stepZ + stepX], fx),
                    Between(volume[corner + stepZ + stepY], volume[corner + stepZ + stepY + stepX], fx),
                    fy),
                fz);
        }
    }

    /// <summary>The same steps with the same roundings as <see cref="OneByOne{T}"/>, for rows of at least eight voxels.</summary>
    private static unsafe void EightAtATime(ReadOnlySpan<float> volume, VolumeGrid grid, Line<float> line, float outside, Span<float> destination)
    {
        var width = Vector256<float>.Count;
        var stepY = grid.Y > 1 ? grid.X : 0;
        var stepZ = grid.Z > 1 ? grid.X * grid.Y : 0;
        var outsides = Vector256.Create(outside);
        ref var to = ref MemoryMarshal.GetReference(destination);
        fixed (float* voxels = volume)
        {
            for (var i = 0; i < destination.Length; i += width)
            {
                var first = Math.Min(i, destination.Length - width); // the last eight may repeat some of the eight before
                var steps = Vector256.Create((float)first) + Vector256.CreateSequence(0f, 1f);
                var isInside = Cells(Fma.MultiplyAdd(steps, Vector256.Create(line.StepX), Vector256.Create(line.X)), grid.X, out var x, out var fx)
                    & Cells(Fma.MultiplyAdd(steps, Vector256.Create(line.StepY), Vector256.Create(line.Y)), grid.Y, out var y, out var fy)
                    & Cells(Fma.MultiplyAdd(steps, Vector256.Create(line.StepZ), Vector256.Create(line.Z)), grid.Z, out var z, out var fz);

                // Both neighbours along x come with one 64-bit load; this order makes them lie in order after the shuffle.
                var corner = x + Vector256.Create(grid.X) * (y + Vector256.Create(grid.Y) * z);
                corner = Avx2.Permute4x64(corner.AsInt64(), 0b11_01_10_00).AsInt32();
                var result = Between(
                    Between(Edge(voxels, corner, fx), Edge(voxels + stepY, corner, fx), fy),
                    Between(Edge(voxels + stepZ, corner, fx), Edge(voxels + stepZ + stepY, corner, fx), fy),
                    fz);
                Vector256.ConditionalSelect(isInside, result, outsides).StoreUnsafe(ref to, (nuint)first);
            }
        }
    }

    /// <summary>The voxel below a position, the way to the next one in [0, 1], and whether the position is inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Cell<T>(T position, int size, out int below, out T fraction)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var half = T.CreateTruncating(0.5);
        var isInside = position >= -half && position < T.CreateTruncating(size) - half;
        var clamped = T.Min(T.Max(position, T.Zero), T.CreateTruncating(size - 1));
        below = Math.Min(int.CreateTruncating(clamped), Math.Max(size - 2, 0));
        fraction = clamped - T.CreateTruncating(below);
        return isInside;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Cells(Vector256<float> position, int size, out Vector256<int> below, out Vector256<float> fraction)
    {
        var isInside = Vector256.GreaterThanOrEqual(position, Vector256.Create(-0.5f)) & Vector256.LessThan(position, Vector256.Create(size - 0.5f));
        var clamped = Avx.Min(Avx.Max(position, Vector256<float>.Zero), Vector256.Create((float)(size - 1)));
        below = Avx2.Min(Avx.ConvertToVector256Int32WithTruncation(clamped), Vector256.Create(Math.Max(size - 2, 0)));
        fraction = clamped - Avx.ConvertToVector256Single(below);
        return isInside;
    }

    /// <summary>Interpolates along x between the voxels at the (permuted) indices and their next ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<float> Edge(float* voxels, Vector256<int> index, Vector256<float> fraction)
    {
        var lower = Avx2.GatherVector256((double*)voxels, index.GetLower(), sizeof(float)).AsSingle();
        var upper = Avx2.GatherVector256((double*)voxels, index.GetUpper(), sizeof(float)).AsSingle();
        return Between(Avx.Shuffle(lower, upper, 0b10_00_10_00), Avx.Shuffle(lower, upper, 0b11_01_11_01), fraction);
    }

    /// <summary>(1 - w) a + w b: exactly a at w = 0 and b at w = 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Between<T>(T a, T b, T w)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.FusedMultiplyAdd(w, b, (T.One - w) * a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Between(Vector256<float> a, Vector256<float> b, Vector256<float> w) =>
        Fma.MultiplyAdd(w, b, (Vector256<float>.One - w) * a);

    private static T Minimum<T>(ReadOnlySpan<T> volume)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var minimum = volume[0];
        var i = 0;
        if (volume.Length >= Vector<T>.Count)
        {
            var minima = new Vector<T>(volume);
            for (; i <= volume.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                minima = Vector.Min(minima, new Vector<T>(volume[i..]));
            }

            for (var lane = 0; lane < Vector<T>.Count; lane++)
            {
                minimum = T.Min(minimum, minima[lane]);
            }
        }

        for (; i < volume.Length; i++)
        {
            minimum = T.Min(minimum, volume[i]);
        }

        return minimum;
    }

    /// <summary>Where a row of the result comes from: the position of its first voxel and the step from voxel to voxel.</summary>
    internal readonly struct Line<T>(IndexMap map, int y, int z)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public readonly T X = T.CreateTruncating(map.At(0, 0, y, z));
        public readonly T Y = T.CreateTruncating(map.At(1, 0, y, z));
        public readonly T Z = T.CreateTruncating(map.At(2, 0, y, z));
        public readonly T StepX = T.CreateTruncating(map.Matrix[0, 0]);
        public readonly T StepY = T.CreateTruncating(map.Matrix[1, 0]);
        public readonly T StepZ = T.CreateTruncating(map.Matrix[2, 0]);
    }
}
