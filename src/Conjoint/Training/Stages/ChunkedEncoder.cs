using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>
/// Large batches on small machines, in two passes: all features first, a chunk of slices at a time and without graph; from them one
/// head, one Eq. (2) and one loss over the whole batch, and the gradient with respect to the features; then every chunk once more, with its
/// graph, to take that gradient on. Memory holds the activations of one chunk; loss and gradients are those of the whole batch.
/// </summary>
/// <remarks>
/// Norms in training see a chunk at a time, so that their statistics are each chunk's own. The second pass leaves running statistics as the
/// first one left them. The encoder must hold no dropout, or the passes would differ.
/// </remarks>
/// <param name="encoder">The net that slices go through.</param>
/// <param name="chunk">Slices at a time; null: all at once, in one pass with its graph.</param>
/// <param name="device">Where it computes; slices are taken there chunk by chunk.</param>
internal sealed class ChunkedEncoder(nn.Module encoder, int? chunk, Device device) : IDisposable
{
    // A norm in training needs two values, and the last map of a small slice has one.
    private const int Fewest = 2;

    private readonly List<Pending> _pending = [];

    /// <summary>The features of any number of slices.</summary>
    /// <param name="slices">[n, 1, S, S], on the CPU.</param>
    /// <param name="encode">The encoder's forward pass: [n, 1, S, S] to [n, F].</param>
    /// <returns>[n, F]: with the graph to the encoder, or a leaf whose gradient <see cref="Backward"/> takes on. Leave it undisposed.</returns>
    public Tensor Encode(Tensor slices, Func<Tensor, Tensor> encode)
    {
        var sizes = Sizes(slices.shape[0]);
        if (sizes.Length == 1)
            return encode(slices.to(device));
        using var scope = NewDisposeScope();
        Tensor features;
        using (no_grad())
            features = cat([.. slices.split(sizes, 0).Select(part => OnDevice(part, encode))], 0);
        if (!is_grad_enabled())
            return features.MoveToOuterDisposeScope();
        var leaf = features.requires_grad_().DetachFromDisposeScope();
        _pending.Add(new Pending(slices.alias().DetachFromDisposeScope(), leaf, encode));
        return leaf;
    }

    /// <summary>The second pass: from the features' gradients to the encoder's. After the loss's own backward pass.</summary>
    /// <param name="autocast">Enters the number format of the first pass.</param>
    public void Backward(Func<IDisposable> autocast)
    {
        if (_pending.Count == 0)
            return;
        using var statistics = new RunningStatistics([encoder]);
        foreach (var (slices, features, encode) in _pending)
        {
            if (features.grad is not { } gradient)
                continue;
            var first = 0L;
            foreach (var size in Sizes(slices.shape[0]))
            {
                using var scope = NewDisposeScope();
                Tensor again;
                using (autocast())
                    again = encode(slices.narrow(0, first, size).to(device));
                again.backward([gradient.narrow(0, first, size)]);
                first += size;
            }
        }

        statistics.Restore();
        Forget();
    }

    /// <summary>Lets go of a batch whose second pass is not wanted.</summary>
    public void Forget()
    {
        foreach (var (slices, features, _) in _pending)
        {
            slices.Dispose();
            features.Dispose();
        }

        _pending.Clear();
    }

    public void Dispose() => Forget();

    /// <summary>As few chunks as the setting allows, as equal as possible.</summary>
    private long[] Sizes(long slices)
    {
        var count = chunk is { } most ? Math.Max(1, Math.Min((slices + most - 1) / most, slices / Fewest)) : 1;
        return [.. Enumerable.Range(0, (int)count).Select(i => slices / count + (i < slices % count ? 1 : 0))];
    }

    private Tensor OnDevice(Tensor part, Func<Tensor, Tensor> encode)
    {
        using var scope = NewDisposeScope();
        return encode(part.to(device)).MoveToOuterDisposeScope();
    }

    /// <param name="Slices">What went in.</param>
    /// <param name="Features">What came out, a leaf.</param>
    /// <param name="Encode">How.</param>
    private sealed record Pending(Tensor Slices, Tensor Features, Func<Tensor, Tensor> Encode);
}
