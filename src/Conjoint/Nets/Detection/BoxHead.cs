using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets.Detection;

/// <summary>Two fully connected layers on a pooled region.</summary>
/// <remarks>Names of torchvision (<c>fc6</c>, <c>fc7</c>, after VGG's).</remarks>
internal sealed class BoxHead : Module<Tensor, Tensor>
{
    [ComponentName(Name = "fc6")] private readonly Linear _first;
    [ComponentName(Name = "fc7")] private readonly Linear _second;

    public BoxHead(int features, int width)
        : base(nameof(BoxHead))
    {
        _first = Linear(features, width);
        _second = Linear(width, width);
        RegisterComponents();
    }

    /// <param name="pooled">[R, C, h, w].</param>
    /// <returns>[R, width].</returns>
    public override Tensor forward(Tensor pooled)
    {
        using var scope = NewDisposeScope();
        var hidden = functional.relu(_first.forward(pooled.flatten(1)));
        return functional.relu(_second.forward(hidden)).MoveToOuterDisposeScope();
    }
}
