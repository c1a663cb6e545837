using static TorchSharp.torch;

namespace Conjoint.Nets;

/// <summary>φ of Eq. (7) and (8): differentiable linear interpolation, of rows along the slices and of the position bias table.</summary>
internal static class LinearInterpolation
{
    /// <summary>φ(Y; p + Δp), Eq. (7): rows between slices.</summary>
    /// <param name="rows">[B, H, N, w], one row a slice.</param>
    /// <param name="positions">[B, H, M], in slices, between 0 and N − 1.</param>
    /// <returns>[B, H, M, w]; at a whole position the row itself.</returns>
    public static Tensor SampleRows(Tensor rows, Tensor positions)
    {
        using var scope = NewDisposeScope();
        var (sequences, length, width) = (rows.shape[0] * rows.shape[1], rows.shape[2], rows.shape[3]);
        var (lower, fraction) = Split(positions);                                          // [B, H, M] each
        var upper = lower.add(1).clamp(max: length - 1);

        // All sequences lie behind one another, so that a sample is one contiguous row of one table.
        var flat = rows.reshape(-1, width);                                                // [BHN, w]
        var first = arange(sequences, device: rows.device).reshape(rows.shape[0], rows.shape[1], 1) * length;
        var below = flat.index_select(0, (first + lower).reshape(-1));                     // [BHM, w]
        var above = flat.index_select(0, (first + upper).reshape(-1));
        var sampled = below + fraction.to(rows.dtype).reshape(-1, 1) * (above - below);
        return sampled.reshape(rows.shape[0], rows.shape[1], positions.shape[2], width).MoveToOuterDisposeScope();
    }

    /// <summary>φ(B̂; R), Eq. (8): a head's bias table between its entries; zero outside the table.</summary>
    /// <param name="table">[H, T].</param>
    /// <param name="indices">[B, H, ...]; 0 is the first entry, T − 1 the last.</param>
    /// <returns>The shape of <paramref name="indices"/>.</returns>
    public static Tensor SampleTable(Tensor table, Tensor indices)
    {
        using var scope = NewDisposeScope();
        var (heads, entries) = (table.shape[0], table.shape[1]);

        // One zero on either side: what lies beyond fades out over one entry and is zero from there on.
        var framed = nn.functional.pad(table, [1, 1]).reshape(-1);                          // [H(T+2)]
        var (lower, fraction) = Split(indices.clamp(-1, entries) + 1);
        var upper = lower.add(1).clamp(max: entries + 1);

        long[] perHead = [1, heads, .. Enumerable.Repeat(1L, (int)indices.dim() - 2)];
        var first = arange(heads, device: table.device).reshape(perHead) * (entries + 2);
        var below = framed.index_select(0, (first + lower).reshape(-1)).reshape(indices.shape);
        var above = framed.index_select(0, (first + upper).reshape(-1)).reshape(indices.shape);
        return (below + fraction * (above - below)).MoveToOuterDisposeScope();
    }

    /// <summary>A coordinate as whole part (int64, without gradient) and fraction (with it).</summary>
    private static (Tensor Lower, Tensor Fraction) Split(Tensor coordinates)
    {
        var lower = coordinates.detach().floor();
        return (lower.to(ScalarType.Int64), coordinates - lower);
    }
}
