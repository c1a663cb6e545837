using System.Numerics;

namespace Conjoint.Data;

/// <summary>Masks whose structures overlap: a pixel's value is a set of labels, bit k − 1 for label k.</summary>
/// <remarks>A set of bits goes wherever a label goes: nearest-neighbour resampling, cutting, padding with 0.</remarks>
public static class LayeredMask
{
    /// <summary>The largest label: a pixel has 16 bits.</summary>
    public const int LargestLabel = 16;

    /// <summary>The set that holds one label.</summary>
    /// <param name="label">From 1 to <see cref="LargestLabel"/>.</param>
    public static ushort Of(int label)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(label, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(label, LargestLabel);
        return (ushort)(1 << (label - 1));
    }

    /// <summary>The labels that occur, ascending.</summary>
    public static int[] LabelsIn(ReadOnlySpan<ushort> mask)
    {
        var any = 0;
        foreach (var value in mask)
            any |= value;
        return [.. Enumerable.Range(1, LargestLabel).Where(label => (any & Of(label)) != 0)];
    }

    /// <summary>The largest label of a set, which is drawn over the others; 0 for none.</summary>
    public static ushort Topmost(ushort set) => set == 0 ? (ushort)0 : (ushort)(BitOperations.Log2(set) + 1);
}
