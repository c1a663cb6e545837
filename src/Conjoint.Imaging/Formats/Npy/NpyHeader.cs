using System.Globalization;

namespace Conjoint.Imaging;

/// <summary>What an NPY file says before its data: <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4)}</c>.</summary>
/// <remarks>
/// Specification: NumPy Enhancement Proposal 1 (A Simple File Format for NumPy Arrays), versions 1.0 to 3.0 as in
/// numpy.lib.format.
/// </remarks>
public sealed record NpyHeader
{
    /// <summary>Sizes of the axes; empty for a single value. Every size is at least 0.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Encoding of the values.</summary>
    public required ElementType DType { get; init; }

    /// <summary>Whether the first axis runs fastest in the data; otherwise the last does.</summary>
    public required bool FortranOrder { get; init; }

    /// <summary>Whether the bytes of a value are stored from high to low.</summary>
    public required bool BigEndian { get; init; }

    /// <summary>Bytes before the first value.</summary>
    public required int DataOffset { get; init; }

    /// <summary>Number of values.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Bytes of all values.</summary>
    public long DataBytes => Count * DType.SizeInBytes();

    internal static string Describe(IEnumerable<int> shape)
    {
        var sizes = shape.Select(n => n.ToString(CultureInfo.InvariantCulture)).ToArray();
        return sizes.Length == 1 ? $"({sizes[0]},)" : $"({string.Join(", ", sizes)})";
    }
}
