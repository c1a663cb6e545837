using static TorchSharp.torch;

namespace Conjoint.Objectives;

/// <summary>The fine-tuning loss where structures may overlap: binary cross-entropy plus soft Dice of each structure, no background.</summary>
/// <remarks>
/// The paper names cross-entropy and Dice for 2D and 3D alike and does not say what becomes of overlaps; a sigmoid for each structure in place of one softmax is
/// ours. Sums of the Dice part run over the whole batch, as in <see cref="SegmentationLoss"/>.
/// </remarks>
public static class LayeredSegmentationLoss
{
    // Keeps the quotient of a structure that is neither in truth nor in prediction at 1.
    private const double Smoothing = 1e-6;

    /// <summary>Cross-entropy + Dice loss.</summary>
    /// <param name="logits">[n, L, H, W].</param>
    /// <param name="truth">[n, H, W] int64: the structures of each pixel, bit l for the l-th.</param>
    /// <returns>A scalar; the caller's.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit together.</exception>
    public static Tensor Loss(Tensor logits, Tensor truth)
    {
        if (logits.dim() != 4 || truth.dim() != 3 || truth.shape[0] != logits.shape[0] || truth.shape[1] != logits.shape[2] || truth.shape[2] != logits.shape[3])
            throw new ArgumentException($"LayeredSegmentationLoss: logits [{string.Join(", ", logits.shape)}] and truth [{string.Join(", ", truth.shape)}] must be [n, L, H, W] and [n, H, W].", nameof(truth));
        using var scope = NewDisposeScope();
        var t = Layers(truth, logits.shape[1]).to(logits.dtype);                            // [n, L, H, W]
        var crossEntropy = nn.functional.binary_cross_entropy_with_logits(logits, t);       // mean over pixels and structures
        return (crossEntropy + Dice(logits.sigmoid(), t)).MoveToOuterDisposeScope();
    }

    /// <summary>1 − mean over structures of (2·⟨p, t⟩ + 10⁻⁶) / (Σp + Σt + 10⁻⁶).</summary>
    private static Tensor Dice(Tensor p, Tensor t)
    {
        long[] batchAndPixels = [0, 2, 3];
        var overlap = (p * t).sum(batchAndPixels);                                          // [L]
        var total = p.sum(batchAndPixels) + t.sum(batchAndPixels);
        return 1 - ((2 * overlap + Smoothing) / (total + Smoothing)).mean();
    }

    /// <summary>Bits as layers of 0 and 1.</summary>
    private static Tensor Layers(Tensor sets, long layers)
    {
        var bits = full([1, layers, 1, 1], 2, ScalarType.Int64, sets.device).pow(arange(layers, ScalarType.Int64, sets.device).reshape(1, -1, 1, 1));
        return sets.unsqueeze(1).bitwise_and(bits).ne(0);
    }
}
