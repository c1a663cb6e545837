using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Objectives;

/// <summary>DeepCluster-v2's loss: cross-entropy of every crop against its sample's cluster, averaged over the heads.</summary>
/// <remarks>
/// Over several processes the mean of their losses is the loss of the joined batch, and the mean of their gradients its gradient, also
/// where they hold unequal numbers of samples without a cluster.
/// </remarks>
/// <param name="temperature">τ, above 0; 0.1 in DeepCluster-v2.</param>
/// <param name="group">The processes among which the samples are divided; null for this one alone.</param>
public sealed class ClusterPrediction(double temperature, IProcessGroup? group = null)
{
    private readonly IProcessGroup _group = group ?? SingleProcess.Instance;

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
        return sum / Counted(repeated).to(sum.dtype);
    }

    /// <summary>Crops with a cluster, as a mean over the processes; 1 when there are none.</summary>
    private Tensor Counted(Tensor targets)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var count = (targets != MemoryBank.Ignored).sum().to(ScalarType.Float64).reshape(1);
        _group.AllReduceSum(count);
        return (count / _group.WorldSize).clamp(min: 1.0 / _group.WorldSize).squeeze().MoveToOuterDisposeScope();
    }
}
