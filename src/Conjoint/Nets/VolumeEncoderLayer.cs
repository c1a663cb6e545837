using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>One of f_inter's identical layers, post-norm: x = drop(LN(x + A(x))), then x = drop(LN(x + FFN(x))).</summary>
internal sealed class VolumeEncoderLayer : Module<Tensor, SliceLayout, Tensor>
{
    [ComponentName(Name = "attention")] private readonly Module<Tensor, SliceLayout, Tensor> _attention;
    [ComponentName(Name = "norm1")] private readonly LayerNorm _norm1;
    [ComponentName(Name = "ffn")] private readonly FeedForward _feedForward;
    [ComponentName(Name = "norm2")] private readonly LayerNorm _norm2;
    [ComponentName(Name = "drop")] private readonly Dropout _drop;

    public VolumeEncoderLayer(VolumeEncoderSettings settings)
        : this(settings, settings.IsReleasedAttention
            ? new ReleasedAttention1d(ReleasedAttentionSettings.Of(settings), settings.Attention)
            : new DeformableAttention1d(settings))
    {
    }

    internal VolumeEncoderLayer(VolumeEncoderSettings settings, Module<Tensor, SliceLayout, Tensor> attention)
        : base(nameof(VolumeEncoderLayer))
    {
        _attention = attention;
        _norm1 = LayerNorm(settings.Width, eps: 1e-5);
        _feedForward = new FeedForward(settings);
        _norm2 = LayerNorm(settings.Width, eps: 1e-5);
        _drop = Dropout(settings.Dropout);
        RegisterComponents();
    }

    /// <summary>The attention of the text; only where the settings ask for it.</summary>
    internal DeformableAttention1d Attention => (DeformableAttention1d)_attention;

    /// <summary>The attention of the released code; only where the settings ask for it.</summary>
    internal ReleasedAttention1d ReleasedAttention => (ReleasedAttention1d)_attention;

    public override Tensor forward(Tensor tokens, SliceLayout layout)                       // [B, N, d]
    {
        using var scope = NewDisposeScope();
        var x = _drop.forward(_norm1.forward(tokens + _attention.forward(tokens, layout)));
        x = _drop.forward(_norm2.forward(x + _feedForward.forward(x)));
        return x.MoveToOuterDisposeScope();
    }
}
