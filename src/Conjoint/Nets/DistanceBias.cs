using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>released: the relative position bias as a small perceptron of a query's distance from a sample.</summary>
/// <remarks>
/// Continuous position bias of Liu et al. 2022 (Swin V2). Names as in the library: <c>mlp.i.0.weight|bias</c> of the hidden
/// layers, <c>mlp.depth.weight|bias</c> of the last.
/// </remarks>
internal sealed class DistanceBias : Module<Tensor, Tensor, Tensor>
{
    // Far below the rounding of any other gradient, far above where its square vanishes in single precision.
    private const double Feeble = 1e-13;

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
        var last = (Linear)_layers[^1];
        return ByHead(functional.linear(Hidden(queries, keys), last.weight!, last.bias!)).MoveToOuterDisposeScope();
    }

    /// <summary>The same numbers for a softmax over the samples, which does not see what is added to all of them alike: the last bias.</summary>
    /// <remarks>
    /// Its gradient is zero, and what autograd finds is rounding. In double precision that is far below weight decay. In single
    /// precision it is far above, and LARC would make whole steps of it: there the gradient is feeble and steady instead, so that
    /// the bias decays and does nothing else, in either precision.
    /// </remarks>
    internal Tensor BeforeSoftmax(Tensor queries, Tensor keys)
    {
        if (keys.dtype == ScalarType.Float64)
            return forward(queries, keys);
        using var scope = NewDisposeScope();
        var last = (Linear)_layers[^1];
        var share = arange(1, keys.shape[1] + 1, dtype: keys.dtype, device: keys.device).reshape(-1, 1) * Feeble;    // [M, 1]
        var constant = last.bias!.detach() + (last.bias! - last.bias!.detach()) * share;    // [M, heads of a group], the bias in every row
        return ByHead(functional.linear(Hidden(queries, keys), last.weight!) + constant).MoveToOuterDisposeScope();
    }

    /// <summary>[BG, n, M, width].</summary>
    private Tensor Hidden(Tensor queries, Tensor keys)
    {
        var distance = queries.reshape(1, -1, 1) - keys.unsqueeze(1);                       // [BG, n, M]
        if (_logarithmic)
            distance = distance.sign() * (distance.abs() + 1).log();
        return _layers.SkipLast(1).Aggregate(distance.unsqueeze(-1), (x, layer) => layer.forward(x));
    }

    private Tensor ByHead(Tensor bias)                                                      // [BG, n, M, heads of a group] -> [B, H, n, M]
    {
        var (places, samples, heads) = (bias.shape[1], bias.shape[2], bias.shape[3]);
        bias = bias.reshape(-1, _groups, places, samples, heads).permute(0, 1, 4, 2, 3);    // [B, G, heads of a group, n, M]
        return bias.reshape(-1, _groups * heads, places, samples);
    }
}
