using static TorchSharp.torch;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>A tensor as a checkpoint declares it: a view of a storage, checked to lie inside it.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Type">The element type.</param>
/// <param name="Offset">First element, counted in elements of <paramref name="Type"/>.</param>
/// <param name="Shape">Sizes, outermost axis first; empty for a scalar.</param>
/// <param name="Strides">Elements from one index to the next, an axis each.</param>
internal sealed record TorchTensor(TorchStorage Storage, ScalarType Type, long Offset, long[] Shape, long[] Strides)
{
    private const int MostAxes = 32;

    // Bounds the other sizes of a tensor that has an axis of none.
    private const long MostIfEmpty = 1L << 40;

    /// <summary>Its elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Checks and makes it.</summary>
    /// <returns>The tensor; null where the view doesn't lie inside the storage or has more elements than that.</returns>
    public static TorchTensor? Create(TorchStorage storage, ScalarType type, long offset, long[] shape, long[] strides)
    {
        if (offset < 0 || shape.Length != strides.Length || shape.Length > MostAxes || shape.Any(s => s < 0) || strides.Any(s => s < 0))
            return null;
        var available = storage.Bytes / SafetensorsTypes.Size(type);
        var (count, last) = ((Int128)1, (Int128)offset);
        for (var axis = 0; axis < shape.Length; axis++)
        {
            // At most 2^63 times 2^63 each, and the product stops growing as soon as it is too large.
            count = count > available ? count : count * shape[axis];
            last += (Int128)Math.Max(shape[axis] - 1, 0) * strides[axis];
            if (last > long.MaxValue)
                return null;
        }

        if (shape.Contains(0))
            return shape.Aggregate((Int128)1, (product, size) => product > MostIfEmpty ? product : product * Math.Max(size, 1)) <= MostIfEmpty ? new TorchTensor(storage, type, 0, shape, strides) : null;
        return count <= available && last < available ? new TorchTensor(storage, type, offset, shape, strides) : null;
    }
}
