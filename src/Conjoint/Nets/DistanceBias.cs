using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>released: the relative position bias as a small perceptron of a query's distance from a sample.</summary>
/// <remarks>
/// Continuous position bias of Liu et al. 2022 (Swin V2). Names as in the library: <c>mlp.i.0.weight|bias</c> of the hidden
/// layers, <c>mlp.depth.weight|bias</c> of the last. The gradient of the last bias is zero, since softmax does not see it.
/// </remarks>
internal sealed class DistanceBias : Module<Tensor, Tensor, Tensor>
{
    private readonly int _groups;
    private readonly bool _logarithmic;

    [ComponentName(Name = "mlp")] private readonly ModuleList<Module<Tensor, Tensor>> _layers;

    /// <param name="width">Hidden width.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="groups">G, a divisor of the heads.</param>
    /// <param name="depth">Hidden layers.</param>
    /// <param name="logarithmic">Whether distances go in as sign(d)·ln(|d| + 1).</param>
    public DistanceBias(int width, int heads, int groups, int depth, bool logarithmic)
        : base(nameof(DistanceBias))
    {
        (_groups, _logarithmic) = (groups, logarithmic);
        _layers = new ModuleList<Module<Tensor, Tensor>>(
        [
            .. Enumerable.Range(0, depth).Select(i => Sequential(Linear(i == 0 ? 1 : width, width), ReLU())),
            Linear(width, heads / groups),
        ]);
        RegisterComponents();
    }

    /// <param name="queries">Normalised places, [n].</param>
    /// <param name="keys">Normalised samples, [B·G, M]; not held inside the sequence.</param>
    /// <returns>[B, H, n, M].</returns>
    public override Tensor forward(Tensor queries, Tensor keys)
    {
        using var scope = NewDisposeScope();
        var distance = queries.reshape(1, -1, 1) - keys.unsqueeze(1);                       // [BG, n, M]
        if (_logarithmic)
            distance = distance.sign() * (distance.abs() + 1).log();
        var bias = distance.unsqueeze(-1);                                                  // [BG, n, M, 1]
        foreach (var layer in _layers)
            bias = layer.forward(bias);                                                     // [BG, n, M, heads of a group]
        var (places, samples, heads) = (bias.shape[1], bias.shape[2], bias.shape[3]);
        bias = bias.reshape(-1, _groups, places, samples, heads).permute(0, 1, 4, 2, 3);    // [B, G, heads of a group, n, M]
        return bias.reshape(-1, _groups * heads, places, samples).MoveToOuterDisposeScope();
    }
}
