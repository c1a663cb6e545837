using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>Two fully connected layers with ReLU and dropout between them.</summary>
internal sealed class ClassificationHead : Module<Tensor, Tensor>
{
    [ComponentName(Name = "fc1")] private readonly Linear _first;
    [ComponentName(Name = "drop")] private readonly Dropout _drop;
    [ComponentName(Name = "fc2")] private readonly Linear _second;

    public ClassificationHead(int width, int hiddenWidth, int classes, double dropout)
        : base(nameof(ClassificationHead))
    {
        _first = Linear(width, hiddenWidth);
        _drop = Dropout(dropout);
        _second = Linear(hiddenWidth, classes);
        RegisterComponents();
    }

    /// <summary>[B, d], unit rows, to logits [B, classes].</summary>
    public override Tensor forward(Tensor embedding)
    {
        using var scope = NewDisposeScope();
        var hidden = functional.relu(_first.forward(embedding));                   // [B, hidden]
        return _second.forward(_drop.forward(hidden)).MoveToOuterDisposeScope();
    }
}
