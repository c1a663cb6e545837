using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Objectives;

/// <summary>
/// Eq. (2): the codes Q that fit the scores best while every prototype gets an equal share of the samples, by a few rounds of
/// Sinkhorn–Knopp scaling.
/// </summary>
/// <remarks>
/// The rounds run on logarithms in float64: scores are divided by a small ε, and their exponentials would overflow float32 at
/// scores of 5. Constant factors (1/K, 1/B) are left out, since the last scaling cancels them.
/// </remarks>
/// <param name="settings">ε and the number of rounds.</param>
/// <param name="group">The processes among which the samples are divided.</param>
public sealed class SinkhornKnopp(SinkhornSettings settings, IProcessGroup group)
{
    // Scores beyond this (float64 only) stand for it, so that a few rounds of sums stay below 1.8e308.
    private const double LargestExponent = 1e300;

    private readonly SinkhornSettings _settings = settings is { Epsilon: > 0, Iterations: >= 1 }
        ? settings
        : throw new ArgumentException($"SinkhornKnopp: epsilon {settings.Epsilon} must be above 0 and iterations {settings.Iterations} at least 1.", nameof(settings));

    /// <summary>The codes of this process's samples.</summary>
    /// <param name="scores">zᵀc: [B, K], finite, on each process its own samples; K is equal everywhere.</param>
    /// <returns>
    /// Qᵀ·B: [B, K] in the scores' type, of 16-bit scores in float32, each row a distribution; without gradient, the caller's.
    /// </returns>
    /// <exception cref="ArgumentException">The scores are not [B, K].</exception>
    public Tensor Codes(Tensor scores)
    {
        if (scores.dim() != 2 || scores.shape[0] < 1 || scores.shape[1] < 1)
            throw new ArgumentException($"SinkhornKnopp: scores [{string.Join(", ", scores.shape)}] must be [B, K].", nameof(scores));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();

        var bound = Math.Min(LargestExponent * _settings.Epsilon, LargestExponent);
        var logQ = scores.to(ScalarType.Float64).clamp(-bound, bound) / _settings.Epsilon;  // [B, K]
        for (var round = 0; round < _settings.Iterations; round++)
        {
            logQ = ShareOverSamples(logQ);                                                  // each prototype: equal mass
            logQ = logQ.log_softmax(1);                                                     // each sample: equal mass
        }

        var type = scores.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : scores.dtype;
        return logQ.exp().to(type).MoveToOuterDisposeScope();
    }

    /// <summary>log_softmax over the samples of all processes: x_bk − log Σ_b exp(x_bk), [B, K].</summary>
    private Tensor ShareOverSamples(Tensor logQ)
    {
        var shifted = logQ - Largest(logQ);                                                 // first, or huge scores swallow the sum
        var sum = shifted.exp().sum(dim: 0);                                                // [K]
        group.AllReduceSum(sum);
        return shifted - sum.log();
    }

    /// <summary>Each prototype's largest value over the samples of all processes, [K].</summary>
    private Tensor Largest(Tensor logQ)
    {
        var largest = logQ.amax([0]);
        if (group.WorldSize == 1)
            return largest;

        // A sum is all that the group offers: every process puts its own maxima in a row of their own.
        var rows = zeros(group.WorldSize, largest.shape[0], dtype: ScalarType.Float64, device: logQ.device);
        rows[group.Rank] = largest;
        group.AllReduceSum(rows);
        return rows.amax([0]);
    }
}
