using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Conjoint.Data.Augmentation;

/// <summary>
/// Convolution with a sampled, normalised Gaussian along one axis; beyond the edges the values are mirrored (d c b a | a b c d | d c b a).
/// </summary>
internal static class GaussianFilter
{
    private const int ChunkBytes = 4096; // columns of a filter's rows that stay in the first-level cache together

    /// <summary>Half a kernel: weights[0] for the centre, weights[k] for both neighbours at distance k; they sum to 1 in all.</summary>
    public static void Kernel<T>(double sigma, Span<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = 0.0;
        for (var k = weights.Length - 1; k > 0; k--)
        {
            sum += 2 * Weight(k, sigma);
        }

        sum += 1;
        for (var k = 0; k < weights.Length; k++)
        {
            weights[k] = T.CreateTruncating(Weight(k, sigma) / sum);
        }
    }

    /// <summary>Filters from row to row: destination[r, i] = Σ_k w_|k| source[r + k, i].</summary>
    public static void AcrossRows<T>(ReadOnlySpan<T> source, int rows, int rowLength, ReadOnlySpan<T> kernel, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var radius = kernel.Length - 1;
        var offsets = ArrayPool<nuint>.Shared.Rent(2 * radius + 1);
        var chunk = ChunkBytes / Marshal.SizeOf<T>();
        source = source[..(rows * rowLength)];
        destination = destination[..source.Length];
        for (var first = 0; first < rowLength; first += chunk)
        {
            var length = Math.Min(chunk, rowLength - first);
            for (var row = 0; row < rows; row++)
            {
                for (var k = -radius; k <= radius; k++)
                {
                    offsets[radius + k] = (nuint)(Mirrored(row + k, rows) * rowLength + first);
                }

                Weigh(source, offsets, kernel, destination.Slice(row * rowLength + first, length));
            }
        }

        ArrayPool<nuint>.Shared.Return(offsets);
    }

    /// <summary>Filters within each row: destination[r, i] = Σ_k w_|k| source[r, i + k].</summary>
    public static void AlongRows<T>(ReadOnlySpan<T> source, int rows, int rowLength, ReadOnlySpan<T> kernel, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var radius = kernel.Length - 1;
        var offsets = ArrayPool<nuint>.Shared.Rent(2 * radius + 1);
        var buffer = ArrayPool<T>.Shared.Rent(rowLength + 2 * radius);
        for (var k = 0; k <= 2 * radius; k++)
        {
            offsets[k] = (nuint)k;
        }

        for (var row = 0; row < rows; row++)
        {
            var from = source.Slice(row * rowLength, rowLength);
            from.CopyTo(buffer.AsSpan(radius));
            for (var k = 1; k <= radius; k++)
            {
                buffer[radius - k] = from[Mirrored(-k, rowLength)];
                buffer[radius + rowLength - 1 + k] = from[Mirrored(rowLength - 1 + k, rowLength)];
            }

            Weigh(buffer, offsets, kernel, destination.Slice(row * rowLength, rowLength));
        }

        ArrayPool<T>.Shared.Return(buffer);
        ArrayPool<nuint>.Shared.Return(offsets);
    }

    private static double Weight(int distance, double sigma) => Math.Exp(-0.5 * distance * distance / (sigma * sigma));

    /// <summary>The index that stands for one beyond the edges.</summary>
    private static int Mirrored(int index, int size)
    {
        while (index < 0 || index >= size)
        {
            index = index < 0 ? -1 - index : 2 * size - 1 - index;
        }

        return index;
    }

    /// <summary>destination[i] = w_0 source[o_r + i] + Σ_k w_k (source[o_(r-k) + i] + source[o_(r+k) + i]), o the 2r + 1 offsets.</summary>
    private static void Weigh<T>(ReadOnlySpan<T> source, ReadOnlySpan<nuint> offsets, ReadOnlySpan<T> kernel, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        ref var offset = ref MemoryMarshal.GetReference(offsets);
        ref var weight = ref MemoryMarshal.GetReference(kernel);
        var radius = kernel.Length - 1;
        var width = Vector<T>.Count;
        var i = 0;
        for (; i <= destination.Length - 2 * width; i += 2 * width)
        {
            var (here, next) = ((nuint)i, (nuint)(i + width));
            var centre = offsets[radius];
            var w = new Vector<T>(weight);
            var sum0 = w * Vector.LoadUnsafe(ref from, centre + here);
            var sum1 = w * Vector.LoadUnsafe(ref from, centre + next);
            for (var k = 1; k <= radius; k++)
            {
                w = new Vector<T>(Unsafe.Add(ref weight, k));
                var before = Unsafe.Add(ref offset, radius - k);
                var after = Unsafe.Add(ref offset, radius + k);
                sum0 = VectorMath.MultiplyAdd(w, Vector.LoadUnsafe(ref from, before + here) + Vector.LoadUnsafe(ref from, after + here), sum0);
                sum1 = VectorMath.MultiplyAdd(w, Vector.LoadUnsafe(ref from, before + next) + Vector.LoadUnsafe(ref from, after + next), sum1);
            }

            sum0.StoreUnsafe(ref to, here);
            sum1.StoreUnsafe(ref to, next);
        }

        for (; i < destination.Length; i++)
        {
            var sum = kernel[0] * source[(int)offsets[radius] + i];
            for (var k = 1; k <= radius; k++)
            {
                sum = T.FusedMultiplyAdd(kernel[k], source[(int)offsets[radius - k] + i] + source[(int)offsets[radius + k] + i], sum);
            }

            destination[i] = sum;
        }
    }
}
