using static TorchSharp.torch;

namespace Conjoint.Objectives;

/// <summary>DeepCluster-v2's loss: cross-entropy of every crop against its sample's cluster, averaged over the heads.</summary>
/// <param name="temperature">τ, above 0; 0.1 in DeepCluster-v2.</param>
public sealed class ClusterPrediction(double temperature)
{
    private readonly double _temperature = temperature > 0
        ? temperature
        : throw new ArgumentException($"ClusterPrediction: temperature {temperature} must be above 0.", nameof(temperature));

    /// <summary>The loss of one batch.</summary>
    /// <param name="scores">z·C by crop and head: [crop][head] of [B, K], with gradient.</param>
    /// <param name="targets">By head, [B] int64: the cluster of each sample, <see cref="MemoryBank.Ignored"/> where it has none.</param>
    /// <returns>A scalar: mean over the heads of the mean over crops and samples with a cluster; 0 when none has one. The caller's.</returns>
    /// <exception cref="ArgumentException">Crops, heads and targets do not fit together.</exception>
    public Tensor Loss(IReadOnlyList<IReadOnlyList<Tensor>> scores, IReadOnlyList<Tensor> targets)
    {
        if (scores.Count == 0 || targets.Count == 0 || scores.Any(crop => crop.Count != targets.Count || crop.Where((s, h) => s.dim() != 2 || s.shape[0] != targets[h].shape[0]).Any()))
            throw new ArgumentException("ClusterPrediction: every crop needs scores [B, K] for every head that has targets [B].", nameof(scores));
        using var scope = NewDisposeScope();
        var losses = targets.Select((target, h) => HeadLoss([.. scores.Select(crop => crop[h])], target));
        return stack([.. losses]).mean().MoveToOuterDisposeScope();
    }

    private Tensor HeadLoss(Tensor[] scores, Tensor target)
    {
        var all = cat(scores, 0);                                                           // [crops·B, K]
        if (all.dtype is ScalarType.Float16 or ScalarType.BFloat16)
            all = all.to(ScalarType.Float32);
        var repeated = target.repeat(scores.Length);                                        // [crops·B]
        var sum = nn.functional.cross_entropy(all / _temperature, repeated, ignore_index: MemoryBank.Ignored, reduction: nn.Reduction.Sum);
        var count = (repeated != MemoryBank.Ignored).sum().clamp(min: 1);
        return sum / count;
    }
}
