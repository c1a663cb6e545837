using static TorchSharp.torch;

namespace Conjoint.Nets;

/// <summary>Between volumes laid end to end, as the slice encoder sees them, and the right-padded batch of the volume encoder.</summary>
public static class SlicePacking
{
    /// <summary>Gives every volume the same number of rows.</summary>
    /// <param name="rows">[ΣN, F], volume after volume.</param>
    /// <param name="lengths">N of each volume, [B].</param>
    /// <returns>[B, Nmax, F], zero in the padding; differentiable, the caller's.</returns>
    /// <exception cref="ArgumentException">The rows are not as many as the lengths say.</exception>
    public static Tensor Pad(Tensor rows, IReadOnlyList<long> lengths)
    {
        if (rows.dim() != 2 || lengths.Count == 0 || lengths.Any(n => n < 1) || lengths.Sum() != rows.shape[0])
            throw new ArgumentException($"SlicePacking: rows [{string.Join(", ", rows.shape)}] must be the slices of volumes [{string.Join(", ", lengths)}].", nameof(lengths));
        using var scope = NewDisposeScope();
        var (longest, width) = (lengths.Max(), rows.shape[1]);
        if (rows.shape[0] == longest * lengths.Count)
            return rows.reshape(lengths.Count, longest, width).MoveToOuterDisposeScope();

        var absent = rows.shape[0];                                        // one more row, of zeros
        var source = new long[lengths.Count * longest];
        var first = 0L;
        for (var b = 0; b < lengths.Count; b++)
        {
            for (var n = 0L; n < longest; n++)
                source[b * longest + n] = n < lengths[b] ? first + n : absent;
            first += lengths[b];
        }

        var framed = cat([rows, zeros(1, width, dtype: rows.dtype, device: rows.device)], 0);
        var padded = framed.index_select(0, tensor(source, ScalarType.Int64).to(rows.device));
        return padded.reshape(lengths.Count, longest, width).MoveToOuterDisposeScope();
    }

    /// <summary>Slices one after another as volumes side by side, for nets of 3D convolutions.</summary>
    /// <param name="slices">[ΣN, C, S, S], volume after volume.</param>
    /// <param name="lengths">N of each volume, [B].</param>
    /// <returns>[B, C, Nmax, S, S], zero in the padding; differentiable, the caller's.</returns>
    /// <remarks>
    /// To the first convolution the padding is what lies around every volume. Behind the first norm it isn't zero any more: slices at the end of a shorter volume see
    /// that, and batch statistics count it. Batches of equal lengths have none.
    /// </remarks>
    /// <exception cref="ArgumentException">The slices are not as many as the lengths say.</exception>
    public static Tensor ToVolumes(Tensor slices, IReadOnlyList<long> lengths)
    {
        using var scope = NewDisposeScope();
        var padded = Pad(slices.flatten(1), lengths);                                               // [B, Nmax, C·S·S]
        return padded.reshape([lengths.Count, lengths.Max(), .. slices.shape[1..]]).permute(0, 2, 1, 3, 4).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The reverse of <see cref="ToVolumes"/>.</summary>
    /// <param name="volumes">[B, C, Nmax, S, S].</param>
    /// <param name="lengths">N of each volume, [B].</param>
    /// <returns>[ΣN, C, S, S], volume after volume; differentiable, the caller's.</returns>
    /// <exception cref="ArgumentException">A length does not fit the batch.</exception>
    public static Tensor ToSlices(Tensor volumes, IReadOnlyList<long> lengths)
    {
        using var scope = NewDisposeScope();
        var rows = Unpad(volumes.permute(0, 2, 1, 3, 4).flatten(2), lengths);                       // [ΣN, C·S·S]
        return rows.reshape([rows.shape[0], volumes.shape[1], .. volumes.shape[3..]]).MoveToOuterDisposeScope();
    }

    /// <summary>Leaves the padding out.</summary>
    /// <param name="padded">[B, Nmax, F].</param>
    /// <param name="lengths">N of each volume, [B].</param>
    /// <returns>[ΣN, F], volume after volume; differentiable, the caller's.</returns>
    /// <exception cref="ArgumentException">A length does not fit the batch.</exception>
    public static Tensor Unpad(Tensor padded, IReadOnlyList<long> lengths)
    {
        if (padded.dim() != 3 || lengths.Count != padded.shape[0] || lengths.Any(n => n < 1 || n > padded.shape[1]))
            throw new ArgumentException($"SlicePacking: batch [{string.Join(", ", padded.shape)}] does not hold volumes of [{string.Join(", ", lengths)}] slices.", nameof(lengths));
        using var scope = NewDisposeScope();
        var (longest, width) = (padded.shape[1], padded.shape[2]);
        long[] source = [.. lengths.SelectMany((n, b) => Enumerable.Range(0, (int)n).Select(i => b * longest + i))];
        return padded.reshape(-1, width).index_select(0, tensor(source, ScalarType.Int64).to(padded.device)).MoveToOuterDisposeScope();
    }
}
