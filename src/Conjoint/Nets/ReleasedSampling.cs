using static TorchSharp.torch;

namespace Conjoint.Nets;

/// <summary>Sampling of a sequence as the library of the released code does it, before and after its correction.</summary>
internal static class ReleasedSampling
{
    /// <summary>Reads a sequence between its places.</summary>
    /// <param name="sequence">[n, C, L].</param>
    /// <param name="grid">[n, M], −1 to 1 from the first place's outer edge to the last one's.</param>
    /// <param name="sampling">
    /// <see cref="KeySampling.Fixed"/>: linear at ((g + 1)·L − 1)/2, zeros beyond. <see cref="KeySampling.V0018"/>: the grid's
    /// coordinate lies on an axis of length 1, so that it reads the middle c of the sequence always: c·(1 − |g|/2), 0 from |g| = 2 on.
    /// </param>
    /// <returns>[n, C, M]; the caller's.</returns>
    public static Tensor Sample(Tensor sequence, Tensor grid, KeySampling sampling)
    {
        if (sequence.dim() != 3 || grid.dim() != 2 || sequence.shape[0] != grid.shape[0] || sampling == KeySampling.Grid)
            throw new ArgumentException($"ReleasedSampling: sequence [{string.Join(", ", sequence.shape)}] and grid [{string.Join(", ", grid.shape)}] must be [n, C, L] and [n, M], the sampling fixed or v0018, not {sampling}.", nameof(grid));
        using var scope = NewDisposeScope();
        var other = zeros_like(grid);
        Tensor[] coordinates = sampling == KeySampling.Fixed ? [other, grid] : [grid, other];   // x of width 1, y along L
        var picture = sequence.unsqueeze(-1);                                               // [n, C, L, 1]
        var points = stack(coordinates, -1).unsqueeze(2);                                   // [n, M, 1, 2]
        var sampled = nn.functional.grid_sample(picture, points, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, align_corners: false);
        return sampled.squeeze(-1).MoveToOuterDisposeScope();                               // [n, C, M]
    }

    /// <summary>Places 0 to L − 1 as −1 to 1. The library counts places as corners here, as areas in <see cref="Sample"/>.</summary>
    /// <param name="positions">[..., M].</param>
    /// <returns>The same shape; a single place is −1.</returns>
    public static Tensor Normalise(Tensor positions) => positions * (2.0 / Math.Max(positions.shape[^1] - 1, 1)) - 1;
}
