using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>Two fully connected layers with ReLU and dropout between them.</summary>
/// <remarks>
/// A unit vector's entries are small, about 1/√d: they are scaled to a mean square of 1 first, so that the first weights, whose size
/// supposes that, do not give the same scores for everything.
/// </remarks>
internal sealed class ClassificationHead : Module<Tensor, Tensor>
{
    [ComponentName(Name = "fc1")] private readonly Linear _first;
    [ComponentName(Name = "drop")] private readonly Dropout _drop;
    [ComponentName(Name = "fc2")] private readonly Linear _second;
    private readonly double _scale;

    public ClassificationHead(int width, int hiddenWidth, int classes, double dropout)
        : base(nameof(ClassificationHead))
    {
        _first = Linear(width, hiddenWidth);
        _drop = Dropout(dropout);
        _second = Linear(hiddenWidth, classes);
        _scale = Math.Sqrt(width);
        RegisterComponents();
    }

    /// <summary>[B, d], unit rows, to logits [B, classes].</summary>
    public override Tensor forward(Tensor embedding)
    {
        using var scope = NewDisposeScope();
        var hidden = functional.relu(_first.forward(embedding * _scale));                   // [B, hidden]
        return _second.forward(_drop.forward(hidden)).MoveToOuterDisposeScope();
    }
}
