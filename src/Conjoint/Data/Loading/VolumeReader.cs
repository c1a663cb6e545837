using System.Buffers;

namespace Conjoint.Data;

/// <summary>Reads whole cases for inference and fine-tuning: every slice, fitted to the nets' input, no randomness.</summary>
public static class VolumeReader
{
    /// <summary>All slices of a case, fitted to S×S by <see cref="SliceGeometry"/>.</summary>
    /// <param name="store">The store.</param>
    /// <param name="storeCase">One of its cases.</param>
    /// <param name="size">S.</param>
    /// <param name="normalisation">Applied last; null leaves the values in [0, 1].</param>
    /// <returns>[N, S, S].</returns>
    public static float[] Read(PreparedStore store, StoreCase storeCase, int size, PixelNormalisation? normalisation = null)
    {
        ArgumentNullException.ThrowIfNull(storeCase);
        var result = new float[(long)storeCase.Slices * size * size];
        Read(store, storeCase, size, 0, storeCase.Slices, result, normalisation);
        return result;
    }

    /// <summary>A run of slices of a case, fitted to S×S.</summary>
    /// <param name="store">The store.</param>
    /// <param name="storeCase">One of its cases.</param>
    /// <param name="size">S.</param>
    /// <param name="first">First slice.</param>
    /// <param name="count">How many.</param>
    /// <param name="destination">[count, S, S].</param>
    /// <param name="normalisation">Applied last; null leaves the values in [0, 1].</param>
    public static void Read(PreparedStore store, StoreCase storeCase, int size, int first, int count, Span<float> destination, PixelNormalisation? normalisation = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        Fit(store, storeCase, SliceGeometry.Fit(storeCase, size), first, count, destination);
        normalisation?.Apply(destination);
    }

    /// <summary>The mask of a run of slices, fitted to S×S: the nearest pixel's label, 0 outside the slice.</summary>
    /// <param name="store">The store.</param>
    /// <param name="storeCase">One of its cases, with a mask.</param>
    /// <param name="size">S.</param>
    /// <param name="first">First slice.</param>
    /// <param name="count">How many.</param>
    /// <param name="destination">[count, S, S].</param>
    public static void ReadMask(PreparedStore store, StoreCase storeCase, int size, int first, int count, Span<ushort> destination)
    {
        ArgumentNullException.ThrowIfNull(store);
        var geometry = SliceGeometry.Fit(storeCase, size);
        var (plane, square) = (storeCase.Height * storeCase.Width, size * size);
        var rented = ArrayPool<ushort>.Shared.Rent(plane);
        for (var n = 0; n < count; n++)
        {
            var slice = rented.AsSpan(0, plane);
            store.ReadMask(storeCase, first + n, 1, slice);
            geometry.ForwardLabels(slice, destination.Slice(n * square, square));
        }

        ArrayPool<ushort>.Shared.Return(rented);
    }

    /// <summary>Reads and fits slice by slice, so that only one is held at stored resolution.</summary>
    internal static void Fit(PreparedStore store, StoreCase storeCase, SliceGeometry geometry, int first, int count, Span<float> destination)
    {
        var (plane, square) = (storeCase.Height * storeCase.Width, geometry.Size * geometry.Size);
        var rented = ArrayPool<float>.Shared.Rent(plane);
        for (var n = 0; n < count; n++)
        {
            var slice = rented.AsSpan(0, plane);
            store.ReadSlices(storeCase, first + n, 1, slice);
            geometry.Forward(slice, destination.Slice(n * square, square));
        }

        ArrayPool<float>.Shared.Return(rented);
    }
}
