using static TorchSharp.torch;

namespace Conjoint.Training.Monitoring;

/// <summary>
/// Watches whether embeddings still differ from sample to sample, over an epoch: their spread, the evenness with which
/// prototypes are used, and the number of directions that they fill.
/// </summary>
/// <remarks>Its state is part of a checkpoint, so that a resumed run reports the same numbers.</remarks>
internal sealed class CollapseMonitor : IDisposable
{
    /// <summary>The last so many embeddings of an epoch are judged: enough for the rank, small enough to keep.</summary>
    public const int Kept = 512;

    /// <summary>Fewer embeddings than this say nothing about rank.</summary>
    public const int Fewest = 8;

    // Of a number up to 1 in float32, with room for the few operations that made it.
    private const double Rounding = 1e-6;

    private Tensor? _embeddings;                    // [≤ Kept, F]
    private readonly List<Tensor> _usage = [];      // [head] of [K], summed over steps

    /// <summary>Forgets the last epoch.</summary>
    public void BeginEpoch()
    {
        _embeddings?.Dispose();
        _embeddings = null;
        _usage.ForEach(u => u.Dispose());
        _usage.Clear();
    }

    /// <summary>Takes up a batch.</summary>
    /// <param name="embeddings">[n, F], unit rows.</param>
    /// <param name="usage">By head, [K]: shares of the batch that went to each prototype; empty where there are none.</param>
    public void Add(Tensor embeddings, IReadOnlyList<Tensor> usage)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var all = _embeddings is null ? embeddings.detach().clone() : cat([_embeddings, embeddings.detach()], 0);
        var kept = all.narrow(0, Math.Max(0, all.shape[0] - Kept), Math.Min(Kept, all.shape[0])).contiguous().clone();
        _embeddings?.Dispose();
        _embeddings = kept.DetachFromDisposeScope();
        if (_usage.Count == 0)
            _usage.AddRange(usage.Select(u => zeros_like(u).DetachFromDisposeScope()));
        for (var h = 0; h < usage.Count; h++)
            _usage[h].add_(usage[h]);
    }

    /// <summary>Embeddings judged.</summary>
    public long Count => _embeddings?.shape[0] ?? 0;

    /// <summary>Mean over features of the standard deviation of the unit vectors, times √F: 1 when they are spread evenly, 0 when they are one point.</summary>
    public double EmbeddingStd()
    {
        using var scope = NewDisposeScope();
        return (_embeddings!.std(0, unbiased: false).mean() * Math.Sqrt(_embeddings.shape[1])).item<float>();
    }

    /// <summary>exp of the entropy of the normalised singular values of the centred embeddings: the number of directions in use.</summary>
    public double EffectiveRank()
    {
        using var scope = NewDisposeScope();
        var centred = (_embeddings! - _embeddings!.mean([0], keepdim: true)).to(ScalarType.Float64).cpu();
        var values = linalg.svdvals(centred);
        // One point, but for its rounding to 32 bits, has no direction; the rounding alone would have all of them.
        values = where(values > Rounding * Math.Sqrt(centred.shape[0]), values, 0);
        var sum = values.sum().item<double>();
        if (!(sum > 0))
            return 0;
        var p = values / sum;
        return Math.Exp(special.entr(p).sum().item<double>());
    }

    /// <summary>Entropy of the mean codes over ln K, averaged over heads: 1 when all prototypes are used alike; null without prototypes.</summary>
    public double? PrototypeUsageEntropy()
    {
        if (_usage.Count == 0)
            return null;
        using var scope = NewDisposeScope();
        return _usage.Average(u =>
        {
            var p = u.to(ScalarType.Float64) / u.sum().clamp(min: 1e-30).to(ScalarType.Float64);
            return special.entr(p).sum().item<double>() / Math.Log(u.shape[0]);
        });
    }

    /// <summary>What a checkpoint keeps; copies that the caller owns.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = new Dictionary<string, Tensor>();
        if (_embeddings is null)
            return state;
        state["embeddings"] = _embeddings.clone();
        for (var h = 0; h < _usage.Count; h++)
            state[$"usage{h}"] = _usage[h].clone();
        return state;
    }

    /// <summary>Takes up what <see cref="StateDict"/> gave.</summary>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state, Device device)
    {
        BeginEpoch();
        if (!state.TryGetValue("embeddings", out var embeddings))
            return;
        using var scope = NewDisposeScope();
        _embeddings = embeddings.to(device).clone().DetachFromDisposeScope();
        for (var h = 0; state.TryGetValue($"usage{h}", out var usage); h++)
            _usage.Add(usage.to(device).clone().DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose() => BeginEpoch();
}
