using static TorchSharp.torch;

namespace Conjoint.Objectives;

/// <summary>Masked feature embedding prediction: which slices are hidden (m of Eq. (13)), and how far their prediction is off, Eq. (15).</summary>
public static class MaskedEmbedding
{
    /// <summary>Hidden slices of a volume: max(1, round(ratio·N)), ties to even.</summary>
    public static int MaskedCount(long slices, double ratio) => Math.Max(1, (int)Math.Round(ratio * slices, MidpointRounding.ToEven));

    /// <summary>released: hidden slices of a volume, ⌈ratio·N⌉, but at least one; 7 of 64.</summary>
    public static int ReleasedMaskedCount(long slices, double ratio) => Math.Clamp((int)Math.Ceiling(ratio * slices), 1, (int)slices);

    /// <summary>released: what its loss is divided by, ⌊ratio·N⌋: 6 of 64, one less than are hidden. At least 1, where the release would divide by zero.</summary>
    public static int ReleasedDivisor(long slices, double ratio) => Math.Max(1, (int)(ratio * slices));

    /// <summary>Draws the slices to hide, anew for every view.</summary>
    /// <param name="lengths">N of each volume, [B].</param>
    /// <param name="ratio">Share of the slices, between 0 and 1; 0.1 in the paper.</param>
    /// <param name="draw">Gives a number from 0 to n − 1 for n; the only source of chance.</param>
    /// <param name="paddedLength">Nmax; null for the longest volume's N.</param>
    /// <param name="count">Hidden slices for N and ratio; null for <see cref="MaskedCount"/>.</param>
    /// <returns>m: [B, Nmax] bool on the CPU, true where the slice is hidden; the caller's.</returns>
    /// <exception cref="ArgumentException">A length or the ratio is out of range.</exception>
    public static Tensor Draw(IReadOnlyList<long> lengths, double ratio, Func<int, int> draw, long? paddedLength = null, Func<long, double, int>? count = null)
    {
        var width = paddedLength ?? lengths.DefaultIfEmpty(0).Max();
        if (lengths.Count == 0 || lengths.Any(n => n < 1 || n > width) || ratio is not (>= 0 and <= 1))
            throw new ArgumentException($"MaskedEmbedding: slice counts [{string.Join(", ", lengths)}] must lie between 1 and {width}, ratio {ratio} between 0 and 1.", nameof(lengths));
        count ??= MaskedCount;
        var mask = new bool[lengths.Count * width];
        for (var b = 0; b < lengths.Count; b++)
        {
            int[] slices = [.. Enumerable.Range(0, (int)lengths[b])];
            for (var i = 0; i < count(lengths[b], ratio); i++)
            {
                var other = i + draw(slices.Length - i);
                (slices[i], slices[other]) = (slices[other], slices[i]);
                mask[b * width + slices[i]] = true;
            }
        }

        return tensor(mask, [lengths.Count, width], ScalarType.Bool);
    }

    /// <summary>Eq. (15), averaged over volumes; two views are averaged by giving both as one batch.</summary>
    /// <param name="target">f_intra(x): [B, N, F_in]; no gradient goes there.</param>
    /// <param name="prediction">f_decode(f_inter(m ⊙ Y)): [B, N, F_in].</param>
    /// <param name="mask">m: [B, N] bool.</param>
    /// <returns>A scalar; the caller's.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit together.</exception>
    public static Tensor Loss(Tensor target, Tensor prediction, Tensor mask)
    {
        using var scope = NewDisposeScope();
        return PerVolume(target, prediction, mask).mean().MoveToOuterDisposeScope();
    }

    /// <summary>Eq. (15) for each volume: Σ over hidden slices of ‖f_intra(x_i) − f_decode(...)_i‖₂.</summary>
    /// <inheritdoc cref="Loss"/>
    /// <returns>[B]; the caller's.</returns>
    public static Tensor PerVolume(Tensor target, Tensor prediction, Tensor mask)
    {
        if (target.dim() != 3 || !target.shape.AsSpan().SequenceEqual(prediction.shape) || mask.dtype != ScalarType.Bool || !mask.shape.AsSpan().SequenceEqual(target.shape.AsSpan(0, 2)))
            throw new ArgumentException($"MaskedEmbedding: target [{string.Join(", ", target.shape)}], prediction [{string.Join(", ", prediction.shape)}] and mask {mask.dtype} [{string.Join(", ", mask.shape)}] must be [B, N, F], [B, N, F] and Bool [B, N].", nameof(mask));
        using var scope = NewDisposeScope();
        // In 32 bits at least: squares of 16-bit differences would lose the small ones. Zeroed before the norm, not after it: then
        // padding may hold NaN. The gradient of this norm at zero is zero.
        var exact = prediction.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? prediction.to(ScalarType.Float32) : prediction;
        var error = (exact - target.detach().to(exact.dtype)).masked_fill(mask.logical_not().unsqueeze(-1), 0);
        return linalg.vector_norm(error, 2, [-1], keepdim: false).sum(1).MoveToOuterDisposeScope();
    }

    /// <summary>released: the mean squared error of one view over all slices, hidden or not, and all features, divided by a number of slices.</summary>
    /// <param name="target">Embedded slices: [B, N, d]. A gradient goes there if it asks for one; the release's leads to nothing that is trained.</param>
    /// <param name="prediction">f_decode(f_inter(m ⊙ Y)): [B, N, d].</param>
    /// <param name="divisor"><see cref="ReleasedDivisor"/>; at least 1.</param>
    /// <returns>A scalar; the caller's. The release adds those of its two views.</returns>
    /// <exception cref="ArgumentException">The shapes differ, or the divisor is below 1.</exception>
    public static Tensor ReleasedLoss(Tensor target, Tensor prediction, int divisor)
    {
        if (target.dim() != 3 || !target.shape.AsSpan().SequenceEqual(prediction.shape) || divisor < 1)
            throw new ArgumentException($"MaskedEmbedding: target [{string.Join(", ", target.shape)}] and prediction [{string.Join(", ", prediction.shape)}] must be [B, N, d], the divisor {divisor} at least 1.", nameof(prediction));
        using var scope = NewDisposeScope();
        return (nn.functional.mse_loss(target, prediction) / divisor).MoveToOuterDisposeScope();
    }
}
