using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// The voxel grid of a source file, and how the stored array lies in it: what is needed to lay a mask back over the file.
/// </summary>
/// <remarks>Immutable. Only axes are swapped and turned round; where voxels were resampled, cut or padded, <see cref="GridMap"/> says how.</remarks>
public sealed record SourceGrid
{
    /// <summary>Voxels of the source file along its own axes x, y, z.</summary>
    public required IReadOnlyList<int> Size { get; init; }

    /// <summary>For the stored axes [slice, row, column]: the axis of the source file (0, 1, 2) that each runs along.</summary>
    public required IReadOnlyList<int> Axes { get; init; }

    /// <summary>For the stored axes [slice, row, column]: whether each runs against its source axis.</summary>
    public required IReadOnlyList<bool> Flipped { get; init; }

    /// <summary>From voxels of the source file to mm in RAS+.</summary>
    public required Affine Affine { get; init; }

    /// <summary>Sizes of the stored array [slice, row, column].</summary>
    internal (int Slices, int Height, int Width) StoredSize => (Size[Axes[0]], Size[Axes[1]], Size[Axes[2]]);

    /// <summary>From stored voxels (n, h, w) to mm in RAS+.</summary>
    internal Affine StoredAffine()
    {
        var result = new double[3, 4];
        for (var row = 0; row < 3; row++)
        {
            result[row, 3] = Affine[row, 3];
            for (var a = 0; a < 3; a++)
            {
                var step = Affine[row, Axes[a]];
                result[row, a] = Flipped[a] ? -step : step;
                if (Flipped[a])
                    result[row, 3] += step * (Size[Axes[a]] - 1);
            }
        }

        return new Affine(result);
    }

    /// <summary>
    /// How the slices of a volume are stored: RAS+ order, along the axis of largest spacing (ties go to S). A grid that is one
    /// voxel thick along a single axis is one slice, whatever its spacing.
    /// </summary>
    /// <param name="volume">In the order of its file.</param>
    /// <exception cref="InvalidOperationException">The affine can't be inverted.</exception>
    public static SourceGrid Of(Volume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        var (upright, transform) = volume.ToRas();
        return Of(transform, SliceAxis([upright.SizeX, upright.SizeY, upright.SizeZ], upright.SpacingMm));
    }

    /// <summary>The axis along which the slices of a grid run.</summary>
    internal static int SliceAxis(IReadOnlyList<int> size, IReadOnlyList<double> spacingMm) =>
        size.Count(n => n == 1) == 1 ? size.ToList().IndexOf(1) : Volume.SliceAxisOf(spacingMm);

    /// <summary>For the stored axes [slice, row, column] the RAS axis of each.</summary>
    internal IReadOnlyList<int> RasAxes
    {
        get
        {
            var fileAxis = RasTransform.For(Size, Affine).FileAxis.ToList();
            return [.. Axes.Select(a => fileAxis.IndexOf(a))];
        }
    }

    /// <summary>The same grid with slices along another RAS axis.</summary>
    internal SourceGrid WithSlicesAlong(int rasAxis) => Of(RasTransform.For(Size, Affine), rasAxis);

    /// <summary>The grid of a volume with its slices along the same anatomical axis as another's.</summary>
    internal static SourceGrid Like(Volume volume, SourceGrid other)
    {
        var theirs = RasTransform.For(other.Size, other.Affine);
        return Of(RasTransform.For(volume), theirs.FileAxis.ToList().IndexOf(other.Axes[0]));
    }

    private static SourceGrid Of(RasTransform transform, int sliceAxis)
    {
        // Stored order [slice, row, column] of the RAS axes R = 0, A = 1, S = 2: the column axis is the first that is left.
        int[] order = sliceAxis switch { 2 => [2, 1, 0], 1 => [1, 2, 0], _ => [0, 2, 1] };
        return new SourceGrid
        {
            Size = [.. transform.FileSize],
            Axes = [.. order.Select(axis => transform.FileAxis[axis])],
            Flipped = [.. order.Select(axis => transform.Flipped[axis])],
            Affine = transform.FileAffine,
        };
    }

    /// <summary>Source order (x fastest) → stored order [slice, row, column].</summary>
    /// <exception cref="ArgumentException">A length that does not match the grid.</exception>
    public void ToStored<T>(ReadOnlySpan<T> source, Span<T> stored) => Copy(source, stored, toStored: true);

    /// <summary>Stored order [slice, row, column] → source order (x fastest): the way back for a mask.</summary>
    /// <exception cref="ArgumentException">A length that does not match the grid.</exception>
    public void ToSource<T>(ReadOnlySpan<T> stored, Span<T> source) => Copy(stored, source, toStored: false);

    private void Copy<T>(ReadOnlySpan<T> from, Span<T> to, bool toStored)
    {
        var count = (long)Size[0] * Size[1] * Size[2];
        if (from.Length != count || to.Length != count)
            throw new ArgumentException($"{from.Length} and {to.Length} values don't fill {Size[0]}×{Size[1]}×{Size[2]} voxels.");
        ReadOnlySpan<long> sourceStep = [1, Size[0], (long)Size[0] * Size[1]];
        Span<long> step = stackalloc long[3];
        var start = 0L;
        for (var a = 0; a < 3; a++)
        {
            step[a] = Flipped[a] ? -sourceStep[Axes[a]] : sourceStep[Axes[a]];
            if (Flipped[a])
                start += sourceStep[Axes[a]] * (Size[Axes[a]] - 1);
        }

        var (slices, height, width) = StoredSize;
        var i = 0;
        for (var n = 0; n < slices; n++)
        {
            for (var h = 0; h < height; h++)
            {
                var at = start + n * step[0] + h * step[1];
                for (var w = 0; w < width; w++, i++, at += step[2])
                {
                    if (toStored)
                        to[i] = from[(int)at];
                    else
                        to[(int)at] = from[i];
                }
            }
        }
    }
}
