namespace Conjoint.Imaging;

/// <summary>An array read from NPY or NPZ, kept as it was stored (but with low bytes first).</summary>
public sealed class NpyArray
{
    private readonly ReadOnlyMemory<byte> _data;

    internal NpyArray(int[] shape, ElementType type, bool fortranOrder, ReadOnlyMemory<byte> data) =>
        (Shape, DType, FortranOrder, _data) = (shape, type, fortranOrder, data);

    /// <summary>Sizes of the axes, as NumPy gives them.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Encoding of the values.</summary>
    public ElementType DType { get; }

    /// <summary>Whether the first axis runs fastest in <see cref="Data"/>; otherwise the last does.</summary>
    public bool FortranOrder { get; }

    /// <summary>Number of values.</summary>
    public int Count => _data.Length / DType.SizeInBytes();

    /// <summary>The stored bytes in stored order, each value with its low byte first.</summary>
    public ReadOnlySpan<byte> Data => _data.Span;

    /// <summary>The sub-array at one position of the first axis; shares memory with this one.</summary>
    /// <param name="index">0 to Shape[0] − 1.</param>
    /// <exception cref="InvalidOperationException">The array is in Fortran order, where such a part is scattered, or has no axes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside the axis.</exception>
    public NpyArray Part(int index)
    {
        if (FortranOrder || Shape.Count == 0)
            throw new InvalidOperationException("Only an array in C order with at least one axis has contiguous parts.");
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Shape[0]);
        var bytes = _data.Length / Shape[0];
        return new NpyArray([.. Shape.Skip(1)], DType, false, _data.Slice(index * bytes, bytes));
    }

    /// <summary>All values in C order (last axis fastest); wide integers and doubles are rounded to the nearest float.</summary>
    public float[] ToSingle() => InOrder(isFortran: false);

    /// <summary>All values in Fortran order (first axis fastest), the order of <see cref="Volume.Voxels"/>.</summary>
    public float[] ToSingleFirstAxisFastest() => InOrder(isFortran: true);

    /// <summary>Values of an array in one order of its axes, put into another.</summary>
    /// <param name="values">In stored order.</param>
    /// <param name="shape">Sizes of the axes, as NumPy gives them.</param>
    /// <param name="isStoredFortran">Whether the first axis runs fastest in them.</param>
    /// <param name="isFortran">Whether it shall.</param>
    /// <returns>The same array where nothing changes.</returns>
    internal static float[] InOrder(float[] values, IReadOnlyList<int> shape, bool isStoredFortran, bool isFortran)
    {
        if (isStoredFortran == isFortran || shape.Count < 2)
            return values;

        // Fortran order of (a, b, c) is C order of (c, b, a): both changes of order are one reversal of the axes.
        var stored = shape.ToArray();
        if (isStoredFortran)
            Array.Reverse(stored);
        var reordered = LargeArrays.Allocate<float>(values.Length);
        AxisReversal.Apply(values, stored, reordered);
        return reordered;
    }

    private float[] InOrder(bool isFortran)
    {
        var values = LargeArrays.Allocate<float>(Count);
        ElementConversion.ToSingle(_data.Span, DType, values);
        return InOrder(values, Shape, FortranOrder, isFortran);
    }
}
