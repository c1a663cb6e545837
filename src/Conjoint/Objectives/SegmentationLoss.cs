using static TorchSharp.torch;

namespace Conjoint.Objectives;

/// <summary>The fine-tuning loss of segmentation: cross-entropy plus soft Dice, the background counted as a class.</summary>
/// <remarks>Source: the release's downstream training; sums of the Dice part run over the whole batch.</remarks>
public static class SegmentationLoss
{
    // Keeps the quotient of a class that is neither in truth nor in prediction at 1.
    private const double Smoothing = 1e-6;

    /// <summary>Cross-entropy + Dice loss.</summary>
    /// <param name="logits">[n, C, H, W].</param>
    /// <param name="truth">[n, H, W] int64, 0 to C − 1.</param>
    /// <returns>A scalar; the caller's.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit together.</exception>
    public static Tensor Loss(Tensor logits, Tensor truth)
    {
        using var scope = NewDisposeScope();
        return (CrossEntropy(logits, truth) + Dice(logits, truth)).MoveToOuterDisposeScope();
    }

    /// <summary>Mean over all pixels of −log p of the true class.</summary>
    /// <inheritdoc cref="Loss"/>
    public static Tensor CrossEntropy(Tensor logits, Tensor truth)
    {
        RequireShapes(logits, truth);
        return nn.functional.cross_entropy(logits, truth);
    }

    /// <summary>1 − mean over classes of (2·⟨p, t⟩ + 10⁻⁶) / (Σp + Σt + 10⁻⁶).</summary>
    /// <inheritdoc cref="Loss"/>
    public static Tensor Dice(Tensor logits, Tensor truth)
    {
        RequireShapes(logits, truth);
        using var scope = NewDisposeScope();
        long[] batchAndPixels = [0, 2, 3];
        var p = logits.softmax(1);                                                          // [n, C, H, W]
        var classes = arange(logits.shape[1], device: truth.device).reshape(1, -1, 1, 1);
        var t = truth.unsqueeze(1).eq(classes).to(p.dtype);                                 // one-hot, [n, C, H, W]
        var overlap = (p * t).sum(batchAndPixels);                                          // [C]
        var total = p.sum(batchAndPixels) + t.sum(batchAndPixels);
        var dice = (2 * overlap + Smoothing) / (total + Smoothing);
        return (1 - dice.mean()).MoveToOuterDisposeScope();
    }

    private static void RequireShapes(Tensor logits, Tensor truth)
    {
        if (logits.dim() != 4 || truth.dim() != 3 || truth.shape[0] != logits.shape[0] || truth.shape[1] != logits.shape[2] || truth.shape[2] != logits.shape[3])
            throw new ArgumentException($"SegmentationLoss: logits [{string.Join(", ", logits.shape)}] and truth [{string.Join(", ", truth.shape)}] must be [n, C, H, W] and [n, H, W].", nameof(truth));
    }
}
