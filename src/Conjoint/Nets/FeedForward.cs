using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>The feed-forward part of a layer, on each slice by itself: linear, GELU (by the error function), dropout, linear.</summary>
internal sealed class FeedForward : Module<Tensor, Tensor>
{
    [ComponentName(Name = "linear1")] private readonly Linear _linear1;
    [ComponentName(Name = "linear2")] private readonly Linear _linear2;
    [ComponentName(Name = "drop")] private readonly Dropout _drop;

    public FeedForward(VolumeEncoderSettings settings)
        : base(nameof(FeedForward))
    {
        _linear1 = Linear(settings.Width, settings.HiddenWidth);
        _linear2 = Linear(settings.HiddenWidth, settings.Width);
        _drop = Dropout(settings.Dropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens)                                           // [B, N, d]
    {
        using var scope = NewDisposeScope();
        var hidden = _drop.forward(functional.gelu(_linear1.forward(tokens)));              // [B, N, hidden]
        return _linear2.forward(hidden).MoveToOuterDisposeScope();                          // [B, N, d]
    }
}
