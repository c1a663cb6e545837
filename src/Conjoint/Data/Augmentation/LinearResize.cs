using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Conjoint.Data.Augmentation;

/// <summary>
/// Bilinear resizing that averages when it makes smaller (the triangle filter of Pillow and of torchvision's antialias): pixel centres at
/// (i + 0.5), filter as wide as the ratio of the sizes, weights cut off at the edges and normalised.
/// </summary>
internal static class LinearResize
{
    /// <summary>
    /// Resizes a part of an image to size × size and hands it over transposed: destination[x, y].
    /// </summary>
    /// <param name="source">The image from the first pixel of the part on.</param>
    /// <param name="stride">Pixels from row to row of the image.</param>
    /// <param name="height">Rows of the part.</param>
    /// <param name="width">Columns of the part.</param>
    /// <param name="size">Rows and columns of the result.</param>
    /// <param name="isFlipped">Whether left and right change places.</param>
    /// <param name="destination">Receives size × size pixels.</param>
    public static void Transposed(ReadOnlySpan<float> source, int stride, int height, int width, int size, bool isFlipped, Span<float> destination)
    {
        var lowRented = ArrayPool<float>.Shared.Rent(size * width);
        var turnedRented = ArrayPool<float>.Shared.Rent(size * width);
        var low = lowRented.AsSpan(0, size * width);
        var turned = turnedRented.AsSpan(0, size * width);

        DownColumns(source, stride, height, width, size, isFlipped: false, low);
        Transpose.Apply(low, size, width, turned);
        DownColumns(turned, size, width, size, size, isFlipped, destination);

        ArrayPool<float>.Shared.Return(turnedRented);
        ArrayPool<float>.Shared.Return(lowRented);
    }

    /// <summary>Resizes rows × columns to size × columns; flipped, the last row comes first.</summary>
    private static void DownColumns(
        ReadOnlySpan<float> source, int stride, int rows, int columns, int size, bool isFlipped, Span<float> destination)
    {
        source = source[..((rows - 1) * stride + columns)];
        var ratio = (double)rows / size;
        var reach = Math.Max(ratio, 1); // half the width of the triangle
        var weightsRented = ArrayPool<float>.Shared.Rent(2 * (int)Math.Ceiling(reach) + 2);
        for (var row = 0; row < size; row++)
        {
            var centre = (row + 0.5) * ratio;
            var first = Math.Max(0, (int)(centre - reach + 0.5));
            var count = Math.Min(rows, (int)(centre + reach + 0.5)) - first;
            var weights = weightsRented.AsSpan(0, count);
            Triangle(centre - first - 0.5, reach, weights);

            var target = isFlipped ? size - 1 - row : row;
            WeighRows(source[(first * stride)..], stride, weights, destination.Slice(target * columns, columns));
        }

        ArrayPool<float>.Shared.Return(weightsRented);
    }

    /// <summary>Normalised weights of the pixels 0, 1, … under a triangle of that centre and reach.</summary>
    private static void Triangle(double centre, double reach, Span<float> weights)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += Math.Max(0, 1 - Math.Abs(i - centre) / reach);
        }

        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)(Math.Max(0, 1 - Math.Abs(i - centre) / reach) / sum);
        }
    }

    /// <summary>destination[i] = Σ_t weights[t] source[t stride + i].</summary>
    private static void WeighRows(ReadOnlySpan<float> source, int stride, ReadOnlySpan<float> weights, Span<float> destination)
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var width = Vector<float>.Count;
        var i = 0;
        for (; i <= destination.Length - 4 * width; i += 4 * width)
        {
            var w = new Vector<float>(weight);
            var at = (nuint)i;
            var sum0 = w * Vector.LoadUnsafe(ref from, at);
            var sum1 = w * Vector.LoadUnsafe(ref from, at + (nuint)width);
            var sum2 = w * Vector.LoadUnsafe(ref from, at + (nuint)(2 * width));
            var sum3 = w * Vector.LoadUnsafe(ref from, at + (nuint)(3 * width));
            for (var t = 1; t < weights.Length; t++)
            {
                w = new Vector<float>(Unsafe.Add(ref weight, t));
                at += (nuint)stride;
                sum0 = Vector.FusedMultiplyAdd(w, Vector.LoadUnsafe(ref from, at), sum0);
                sum1 = Vector.FusedMultiplyAdd(w, Vector.LoadUnsafe(ref from, at + (nuint)width), sum1);
                sum2 = Vector.FusedMultiplyAdd(w, Vector.LoadUnsafe(ref from, at + (nuint)(2 * width)), sum2);
                sum3 = Vector.FusedMultiplyAdd(w, Vector.LoadUnsafe(ref from, at + (nuint)(3 * width)), sum3);
            }

            sum0.StoreUnsafe(ref to, (nuint)i);
            sum1.StoreUnsafe(ref to, (nuint)(i + width));
            sum2.StoreUnsafe(ref to, (nuint)(i + 2 * width));
            sum3.StoreUnsafe(ref to, (nuint)(i + 3 * width));
        }

        for (; i <= destination.Length - width; i += width)
        {
            var sum = new Vector<float>(weight) * Vector.LoadUnsafe(ref from, (nuint)i);
            for (var t = 1; t < weights.Length; t++)
            {
                sum = Vector.FusedMultiplyAdd(
                    new Vector<float>(Unsafe.Add(ref weight, t)), Vector.LoadUnsafe(ref from, (nuint)(i + t * stride)), sum);
            }

            sum.StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < destination.Length; i++)
        {
            var sum = weights[0] * source[i];
            for (var t = 1; t < weights.Length; t++)
            {
                sum = MathF.FusedMultiplyAdd(weights[t], source[t * stride + i], sum);
            }

            destination[i] = sum;
        }
    }
}
