using Conjoint.Nets;
using Conjoint.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The released masked model and its loss for one view; the gradient of the embedded slices has both paths, target and input.</summary>
internal sealed class ReleasedMaskedModel : IGoldenKind
{
    public string Prefix => "encoder_decoder_mask";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var encoder = new VolumeEncoder(ReleasedNets.VolumeEncoder(golden) with { Embedding = TokenEmbedding.Linear }, features: 1);
        var model = new MaskedModel(encoder, MaskedTarget.Embedding);
        Fill(golden, model);
        ModuleValues.SetMode(golden, model);

        var x = golden["src"].requires_grad_();                                             // [B, N, d]
        var y = model.PredictEmbedded(x, ReleasedEncoderModel.Layout(x), golden["mask"].squeeze(-1));
        var loss = MaskedEmbedding.ReleasedLoss(x, y, MaskedEmbedding.ReleasedDivisor(x.shape[1], golden.Number("mask_ratio")));
        loss.backward();
        var outputs = new Dictionary<string, Tensor> { ["y"] = y, ["loss_one_view"] = loss, ["grad.src"] = x.grad! };
        ReleasedNets.AddGradients(outputs, golden, model, ReleasedNets.InMasked);
        return outputs;
    }

    /// <summary>The case has no embedding: ours, which nothing here reads, is as wide as nothing.</summary>
    private static void Fill(GoldenCase golden, MaskedModel model)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var state = model.state_dict();
        var given = golden.Names("param.").ToDictionary(theirs => ReleasedNets.InMasked(theirs) ?? throw new InvalidDataException($"no name for '{theirs}'"));
        Assert.Equal(state.Keys.Where(n => !n.StartsWith("encoder.embedding.", StringComparison.Ordinal)).Order(), given.Keys.Order());
        model.to(golden.Type);
        state = model.state_dict();
        foreach (var (ours, theirs) in given)
            state[ours].copy_(golden["param." + theirs]);
    }
}
