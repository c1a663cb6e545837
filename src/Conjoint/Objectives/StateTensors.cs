using static TorchSharp.torch;

namespace Conjoint.Objectives;

/// <summary>Reading named tensors of a saved state.</summary>
internal static class StateTensors
{
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Tensor Find(IReadOnlyDictionary<string, Tensor> state, string name) =>
        state.TryGetValue(name, out var tensor) ? tensor : throw new ArgumentException($"the saved state has no tensor '{name}'; it has {string.Join(", ", state.Keys)}.", nameof(state));

    /// <exception cref="ArgumentException">There is none of that name, or it has another shape.</exception>
    public static void Copy(IReadOnlyDictionary<string, Tensor> state, string name, Tensor target)
    {
        var source = Find(state, name);
        if (!source.shape.AsSpan().SequenceEqual(target.shape))
            throw new ArgumentException($"the saved tensor '{name}' [{string.Join(", ", source.shape)}] must be [{string.Join(", ", target.shape)}].", nameof(state));
        target.copy_(source);
    }
}
