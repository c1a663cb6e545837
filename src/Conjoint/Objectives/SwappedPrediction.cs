using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Objectives;

/// <summary>
/// Clustering agreement, Eq. (3) for slices and Eq. (11) for volumes: from each crop, predict the codes of the others.
/// </summary>
/// <remarks>
/// With two views L = ½·(l(z_t, q_s) + l(z_s, q_t)); with more crops, the mean over assigned crops i of the mean over v ≠ i of
/// l(z_v, q_i). Several prototype heads have codes of their own; their losses are averaged.
/// </remarks>
public sealed class SwappedPrediction
{
    private readonly SwavSettings _settings;
    private readonly SinkhornKnopp _sinkhorn;

    /// <summary>Makes the objective.</summary>
    /// <param name="settings">Temperature, codes and crops.</param>
    /// <param name="group">The processes among which the samples are divided.</param>
    /// <exception cref="ArgumentException">The temperature is not above 0, or no crop is assigned, or one twice.</exception>
    public SwappedPrediction(SwavSettings settings, IProcessGroup group)
    {
        if (settings.Temperature is not > 0)
            throw new ArgumentException($"SwappedPrediction: temperature {settings.Temperature} must be above 0.", nameof(settings));
        if (settings.AssignedCrops.Count == 0 || settings.AssignedCrops.Any(c => c < 0) || settings.AssignedCrops.Distinct().Count() != settings.AssignedCrops.Count)
            throw new ArgumentException($"SwappedPrediction: assigned crops [{string.Join(", ", settings.AssignedCrops)}] must be different crops.", nameof(settings));
        _settings = settings;
        _sinkhorn = new SinkhornKnopp(settings.Sinkhorn, group);
    }

    /// <summary>The loss of one batch.</summary>
    /// <param name="scores">z·C by crop and head: [crop][head] of [B, K], with gradient.</param>
    /// <param name="queueScores">
    /// Scores of earlier embeddings, [assigned crop][head] of [Q, K]: they take part in Eq. (2) and are then forgotten. Null without a queue.
    /// </param>
    /// <returns>Loss: a scalar. Codes: a head each [A, B, K], A the assigned crops, without gradient. All the caller's.</returns>
    /// <exception cref="ArgumentException">There are fewer than two crops, or shapes differ between crops.</exception>
    public (Tensor Loss, IReadOnlyList<Tensor> Codes) Loss(
        IReadOnlyList<IReadOnlyList<Tensor>> scores, IReadOnlyList<IReadOnlyList<Tensor>>? queueScores = null)
    {
        RequireShapes(scores, queueScores);
        using var scope = NewDisposeScope();
        var heads = scores[0].Count;
        var losses = new List<Tensor>();
        var codes = new List<Tensor>();
        for (var h = 0; h < heads; h++)
        {
            Tensor[] ofHead = [.. scores.Select(crop => crop[h])];
            var q = Codes(ofHead, queueScores?.Select(crop => crop[h]).ToArray());          // [A, B, K], Eq. (2)
            codes.Add(q.MoveToOuterDisposeScope());
            losses.Add(HeadLoss(ofHead, q));
        }

        return (stack(losses).mean().MoveToOuterDisposeScope(), codes);
    }

    /// <summary>Eq. (2): the codes of the assigned crops, [A, B, K].</summary>
    private Tensor Codes(Tensor[] scores, Tensor[]? queue)
    {
        using var scope = NewDisposeScope();
        var batch = scores[0].shape[0];
        Tensor[] assigned = [.. _settings.AssignedCrops.Select(i => scores[i].detach())];   // A × [B, K]
        if (_settings.Codes == CodeAssignment.Joint)
        {
            var all = _sinkhorn.Codes(cat([.. queue ?? [], .. assigned], 0));               // [A·Q + A·B, K]
            var own = all.narrow(0, all.shape[0] - assigned.Length * batch, assigned.Length * batch);
            return own.reshape(assigned.Length, batch, -1).MoveToOuterDisposeScope();
        }

        var each = assigned.Select((crop, a) => queue is null
            ? _sinkhorn.Codes(crop)
            : _sinkhorn.Codes(cat([queue[a], crop], 0)).narrow(0, queue[a].shape[0], batch));
        return stack([.. each]).MoveToOuterDisposeScope();
    }

    /// <summary>Eq. (3), (11) for one head, averaged over its terms.</summary>
    private Tensor HeadLoss(Tensor[] scores, Tensor codes)
    {
        Tensor[] logP = [.. scores.Select(LogPredictions)];
        var terms = new List<Tensor>();
        for (var a = 0; a < _settings.AssignedCrops.Count; a++)
        {
            for (var v = 0; v < scores.Length; v++)
            {
                if (v != _settings.AssignedCrops[a])
                    terms.Add(Fit(logP[v], codes[a]));
            }
        }

        return stack(terms).mean();
    }

    /// <summary>log p of Eq. (4). In float32 at least: 16-bit logarithms would lose the small differences that are learned from.</summary>
    private Tensor LogPredictions(Tensor scores)
    {
        var exact = scores.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? scores.to(ScalarType.Float32) : scores;
        return (exact / _settings.Temperature).log_softmax(1);
    }

    /// <summary>l(z, q) of Eq. (4), −Σ_k q_k log p_k, averaged over the batch.</summary>
    private static Tensor Fit(Tensor logP, Tensor codes) => -(codes.to(logP.dtype) * logP).sum(1).mean();

    private void RequireShapes(IReadOnlyList<IReadOnlyList<Tensor>> scores, IReadOnlyList<IReadOnlyList<Tensor>>? queue)
    {
        if (scores.Count < 2 || _settings.AssignedCrops.Any(i => i >= scores.Count))
            throw new ArgumentException($"SwappedPrediction: {scores.Count} crops; at least two are needed, and each of the assigned [{string.Join(", ", _settings.AssignedCrops)}].", nameof(scores));
        foreach (var crop in scores)
        {
            if (crop.Count != scores[0].Count || crop.Count == 0 || crop.Where((s, h) => s.dim() != 2 || !s.shape.AsSpan().SequenceEqual(scores[0][h].shape)).Any())
                throw new ArgumentException("SwappedPrediction: every crop needs scores [B, K] of the same shapes, one a head.", nameof(scores));
        }

        if (queue is null)
            return;
        if (queue.Count != _settings.AssignedCrops.Count || queue.Any(crop => crop.Count != scores[0].Count))
            throw new ArgumentException("SwappedPrediction: queue scores must be given for every assigned crop and head.", nameof(queue));
    }
}
