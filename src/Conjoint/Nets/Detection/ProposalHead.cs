using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets.Detection;

/// <summary>The small net that slides over every map: is there something in this anchor, and where exactly.</summary>
/// <remarks>Source: Ren et al., "Faster R-CNN" (2015), section 3.1; names of torchvision.</remarks>
internal sealed class ProposalHead : Module<Tensor, (Tensor Objectness, Tensor Deltas)>
{
    private const double InitialStd = 0.01;

    [ComponentName(Name = "conv")] private readonly Sequential _convolution;
    [ComponentName(Name = "cls_logits")] private readonly Conv2d _objectness;
    [ComponentName(Name = "bbox_pred")] private readonly Conv2d _deltas;

    /// <param name="width">Channels of the maps.</param>
    /// <param name="anchors">Anchors of a cell.</param>
    public ProposalHead(int width, int anchors)
        : base(nameof(ProposalHead))
    {
        _convolution = Sequential(Sequential(Conv2d(width, width, 3, padding: 1), ReLU()));
        _objectness = Conv2d(width, anchors, 1);
        _deltas = Conv2d(width, 4 * anchors, 1);
        RegisterComponents();
        foreach (var convolution in modules().OfType<Conv2d>())
        {
            init.normal_(convolution.weight!, std: InitialStd);
            init.zeros_(convolution.bias!);
        }
    }

    /// <param name="map">[B, width, h, w].</param>
    /// <returns>Logits [B, h·w·A] and deltas [B, h·w·A, 4] in the order of the anchors.</returns>
    public override (Tensor Objectness, Tensor Deltas) forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        var (batch, height, width) = (map.shape[0], map.shape[2], map.shape[3]);
        var hidden = _convolution.forward(map);
        var objectness = _objectness.forward(hidden).permute(0, 2, 3, 1).reshape(batch, -1);
        var deltas = _deltas.forward(hidden)
            .reshape(batch, -1, 4, height, width)                                           // [B, A, 4, h, w]
            .permute(0, 3, 4, 1, 2).reshape(batch, -1, 4);
        return (objectness.MoveToOuterDisposeScope(), deltas.MoveToOuterDisposeScope());
    }
}
