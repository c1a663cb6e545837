using Conjoint.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The layers of the released f_inter, behind its embedding.</summary>
internal sealed class ReleasedEncoderModel : IGoldenKind
{
    public string Prefix => "encoder_model";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        // Our encoder holds the embedding too, which the release counts to the slice encoder.
        var encoder = new VolumeEncoder(ReleasedNets.VolumeEncoder(golden) with { Embedding = TokenEmbedding.Linear }, features: 1);
        var layers = encoder.named_children().Single(c => c.name == "layers").module;
        ReleasedNets.Load(golden, layers, theirs => ReleasedNets.InEncoder(theirs)?["layers.".Length..]);
        encoder.to(golden.Type);
        ModuleValues.SetMode(golden, encoder);
        var x = golden["x"].requires_grad_();                                               // [B, N, d]
        var y = encoder.forward(x, Layout(x));
        var outputs = new Dictionary<string, Tensor> { ["y"] = y };
        if (golden.Has("grad_out"))
        {
            (y * golden["grad_out"]).sum().backward();
            outputs["grad.x"] = x.grad!;
            ReleasedNets.AddGradients(outputs, golden, layers, theirs => ReleasedNets.InEncoder(theirs)?["layers.".Length..]);
        }

        return outputs;
    }

    /// <summary>A batch without padding.</summary>
    public static SliceLayout Layout(Tensor tokens) => new([.. Enumerable.Repeat(tokens.shape[1], (int)tokens.shape[0])], tokens.shape[1], tokens);
}
