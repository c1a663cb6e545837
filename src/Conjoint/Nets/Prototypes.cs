using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>C of the paper: cluster centres as unit rows, in one or several heads.</summary>
/// <remarks>Names: <c>prototypes0.weight</c>, <c>prototypes1.weight</c>, ... [K, F].</remarks>
public sealed class Prototypes : Module<Tensor, IReadOnlyList<Tensor>>
{
    private readonly List<Linear> _heads = [];

    /// <summary>Makes the heads with unit rows at random, on the CPU, in float32.</summary>
    /// <param name="counts">K of each head, at least 1.</param>
    /// <param name="width">F: width of the embeddings.</param>
    /// <param name="name">The module's name.</param>
    /// <exception cref="ArgumentException">There is no head, or one without prototypes.</exception>
    public Prototypes(IReadOnlyList<int> counts, int width, string name = "prototypes")
        : base(name)
    {
        if (counts.Count == 0 || counts.Any(k => k < 1) || width < 1)
            throw new ArgumentException($"Prototypes: counts [{string.Join(", ", counts)}] and width {width} must be positive, one count a head.", nameof(counts));
        Counts = [.. counts];
        Width = width;
        foreach (var count in counts)
        {
            var head = Linear(width, count, hasBias: false);
            register_module($"prototypes{_heads.Count}", head);
            _heads.Add(head);
        }

        Normalize();
    }

    /// <summary>K of each head.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>F: width of the embeddings.</summary>
    public int Width { get; }

    /// <summary>z·c_k of Eq. (4) for every head.</summary>
    /// <param name="embeddings">z: [n, F], unit rows.</param>
    /// <returns>[n, K] a head; the caller's.</returns>
    /// <exception cref="ArgumentException">The embeddings are of another width.</exception>
    public override IReadOnlyList<Tensor> forward(Tensor embeddings)
    {
        if (embeddings.dim() != 2 || embeddings.shape[1] != Width)
            throw new ArgumentException($"Prototypes: embeddings [{string.Join(", ", embeddings.shape)}] must be [n, {Width}].", nameof(embeddings));
        return [.. _heads.Select(head => head.forward(embeddings))];
    }

    /// <summary>Brings every row back to unit length; before each step.</summary>
    public void Normalize()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var head in _heads)
            head.weight!.copy_(functional.normalize(head.weight!, p: 2, dim: 1));
    }

    /// <summary>Forgets the gradients, so that the optimiser passes the prototypes by: SwAV freezes them at first.</summary>
    public void DropGradients() => zero_grad(set_to_none: true);

    /// <summary>Puts k-means centroids in a head's place (DeepCluster-v2).</summary>
    /// <param name="head">0 to heads − 1.</param>
    /// <param name="centroids">[K, F], unit rows; copied.</param>
    /// <exception cref="ArgumentException">The shape is not the head's.</exception>
    public void SetCentroids(int head, Tensor centroids)
    {
        var weight = _heads[head].weight!;
        if (!weight.shape.AsSpan().SequenceEqual(centroids.shape))
            throw new ArgumentException($"Prototypes: centroids [{string.Join(", ", centroids.shape)}] must be [{string.Join(", ", weight.shape)}].", nameof(centroids));
        using var noGradient = no_grad();
        weight.copy_(centroids);
    }
}
