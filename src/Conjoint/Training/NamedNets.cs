using static TorchSharp.torch;

namespace Conjoint.Training;

/// <summary>The tensors of several nets under one set of names, <c>net.tensor</c>.</summary>
internal static class NamedNets
{
    /// <summary>A copy of every parameter and buffer, on the CPU; the caller's.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> Copies(IReadOnlyList<(string Name, nn.Module Net)> nets)
    {
        foreach (var (prefix, net) in nets)
        {
            foreach (var (name, tensor) in net.state_dict())
                yield return KeyValuePair.Create($"{prefix}.{name}", tensor.detach().cpu().clone());
        }
    }

    /// <summary>Fills every parameter and buffer.</summary>
    /// <exception cref="ArgumentException">A tensor is missing or of another shape.</exception>
    public static void Load(IReadOnlyList<(string Name, nn.Module Net)> nets, IReadOnlyDictionary<string, Tensor> tensors)
    {
        foreach (var (prefix, net) in nets)
            Load(net, prefix + ".", tensors);
    }

    /// <summary>Fills every parameter and buffer of one net from the tensors whose names begin with a prefix.</summary>
    /// <exception cref="ArgumentException">A tensor is missing or of another shape.</exception>
    public static void Load(nn.Module net, string prefix, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, own) in net.state_dict())
        {
            if (!tensors.TryGetValue(prefix + name, out var saved) || !saved.shape.AsSpan().SequenceEqual(own.shape))
                throw new ArgumentException($"'{prefix}{name}' [{string.Join(", ", own.shape)}] is missing or of another shape.", nameof(tensors));
            own.copy_(saved);
        }
    }
}
