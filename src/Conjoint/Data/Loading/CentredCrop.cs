using System.Buffers;

namespace Conjoint.Data;

/// <summary>released: a volume of fixed size by cutting out its middle and putting zeros around it, without any resizing.</summary>
/// <remarks>As TorchIO's CropOrPad: where an odd number of places is cut off or added, the first side has one more.</remarks>
public static class CentredCrop
{
    /// <summary>Where an axis' places go.</summary>
    /// <param name="length">Places there are.</param>
    /// <param name="target">Places wanted.</param>
    /// <returns>The first place taken, the first place filled, and how many.</returns>
    public static (int Source, int Target, int Count) Axis(int length, int target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(target, 1);
        return length >= target
            ? ((length - target + 1) / 2, 0, target)
            : (0, (target - length + 1) / 2, length);
    }

    /// <summary>One slice [Height, Width] → square [Size, Size].</summary>
    /// <param name="slice">[height·width].</param>
    /// <param name="height">Rows of the slice.</param>
    /// <param name="width">Pixels in a row of it.</param>
    /// <param name="square">[size·size].</param>
    /// <param name="size">Rows and columns of the square.</param>
    public static void Slice(ReadOnlySpan<float> slice, int height, int width, Span<float> square, int size)
    {
        var (rows, columns) = (Axis(height, size), Axis(width, size));
        square.Clear();
        for (var y = 0; y < rows.Count; y++)
            slice.Slice((rows.Source + y) * width + columns.Source, columns.Count).CopyTo(square[((rows.Target + y) * size + columns.Target)..]);
    }

    /// <summary>The voxels of a case.</summary>
    /// <param name="store">The store.</param>
    /// <param name="storeCase">One of its cases.</param>
    /// <param name="slices">Slices wanted.</param>
    /// <param name="size">Rows and columns wanted.</param>
    /// <param name="destination">[slices, size, size].</param>
    public static void Read(PreparedStore store, StoreCase storeCase, int slices, int size, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(storeCase);
        var (plane, square) = (storeCase.Height * storeCase.Width, size * size);
        var depth = Axis(storeCase.Slices, slices);
        destination.Clear();
        var rented = ArrayPool<float>.Shared.Rent(plane);
        for (var n = 0; n < depth.Count; n++)
        {
            var slice = rented.AsSpan(0, plane);
            store.ReadSlices(storeCase, depth.Source + n, 1, slice);
            Slice(slice, storeCase.Height, storeCase.Width, destination.Slice((depth.Target + n) * square, square), size);
        }

        ArrayPool<float>.Shared.Return(rented);
    }
}
