namespace Conjoint.Data;

/// <summary>
/// One axis of a volume on its new grid: stored voxel i lies at <see cref="Offset"/> + <see cref="Step"/>·i of the voxels that were
/// read, centres at whole numbers.
/// </summary>
/// <param name="Source">Voxels that were read.</param>
/// <param name="Size">Voxels that are stored.</param>
/// <param name="Step">Distance of stored voxels in voxels that were read; above 0.</param>
/// <param name="Offset">Where stored voxel 0 lies.</param>
/// <param name="First">The first stored voxel that is not padding.</param>
/// <param name="Filled">How many are not.</param>
internal readonly record struct AxisGrid(int Source, int Size, double Step, double Offset, int First, int Filled)
{
    // Spacings in headers are rounded; a voxel more for a thousandth of its size would be all border.
    private const double Tolerance = 1e-3;

    /// <summary>Whether every voxel stays where and what it is.</summary>
    public bool IsIdentity => Step == 1 && Offset == 0 && Size == Source;

    public static AxisGrid Unchanged(int source) => new(source, source, 1, 0, 0, source);

    /// <summary>
    /// The grid of another spacing about the same centre, with as many voxels as cover the old ones. A single voxel stays one.
    /// </summary>
    /// <param name="source">Voxels.</param>
    /// <param name="step">New spacing over old spacing; above 0.</param>
    public static AxisGrid Resampled(int source, double step)
    {
        if (source == 1 || Math.Abs(step - 1) * source < Tolerance)
            return Unchanged(source);
        var size = Math.Max(1, Math.Ceiling(source / step - Tolerance));
        // A size beyond any volume's is refused by whoever multiplies the three.
        return new AxisGrid(source, (int)Math.Min(size, int.MaxValue), step, (source - 1) / 2.0 - step * (size - 1) / 2, 0, (int)Math.Min(size, int.MaxValue));
    }

    /// <summary>The middle of this grid, where it is larger; where an odd number is cut off, the far end loses one more.</summary>
    public AxisGrid CutTo(int size) => Size <= size ? this : Between((Size - size) / 2, (Size - size) / 2 + size - 1);

    /// <summary>The stored voxels that cover a range of those that were read, both ends included.</summary>
    public AxisGrid CutToSource(int low, int high) =>
        Between(Math.Max(0, (int)Math.Floor((low - Offset) / Step)), Math.Min(Size - 1, (int)Math.Ceiling((high - Offset) / Step)));

    /// <summary>Zeros on both sides, where it is smaller; of an odd number the far end gets one more.</summary>
    public AxisGrid FilledTo(int size)
    {
        if (Size >= size)
            return this;
        var before = (size - Size) / 2;
        return this with { Size = size, Offset = Offset - Step * before, First = First + before };
    }

    /// <summary>Cut to one size and filled up to another, where they are asked for.</summary>
    public AxisGrid To(GridSize? most, GridSize? least, int rasAxis)
    {
        var cut = most is null ? this : CutTo(most.Along(rasAxis));
        return least is null ? cut : cut.FilledTo(least.Along(rasAxis));
    }

    private AxisGrid Between(int first, int last) =>
        this with { Size = last - first + 1, Filled = last - first + 1, Offset = Offset + Step * first };
}
