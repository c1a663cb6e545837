using Conjoint.Nets;
using Conjoint.Objectives;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Eq. (13)–(15): mask token, encoder, decoder, loss.</summary>
internal sealed class PaperMasked : IGoldenKind
{
    private const double PaperRatio = 0.1;

    public string Prefix => "paper_masked";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var model = new MaskedModel(new VolumeEncoder(NetSettings.VolumeEncoder(golden), golden.Int("features")));
        ModuleValues.Fill(golden, model);
        ModuleValues.SetMode(golden, model);
        var lengths = golden.Lengths();
        var masks = golden["mask"];                                                         // [V, B, N]
        var (views, volumes, longest) = (masks.shape[0], masks.shape[1], masks.shape[2]);
        var features = Features(golden, lengths, views).requires_grad_();                   // [V, B, N, F_in]

        // Both views are one batch, view after view.
        long[] batchLengths = [.. Enumerable.Range(0, (int)views).SelectMany(_ => lengths)];
        var batch = features.reshape(views * volumes, longest, -1);
        var mask = masks.reshape(views * volumes, longest);
        var ratio = golden.HasKey("mask_ratio") ? golden.Number("mask_ratio") : PaperRatio;
        Assert.Equal(batchLengths.Select(n => (long)MaskedEmbedding.MaskedCount(n, ratio)), mask.sum(1).data<long>().ToArray());

        var prediction = model.Predict(batch, batchLengths, mask);
        var loss = MaskedEmbedding.Loss(batch, prediction, mask);
        loss.backward();

        var valid = SlicePacking.Unpad(prediction, batchLengths);
        var outputs = new Dictionary<string, Tensor>
        {
            ["prediction"] = valid,
            ["prediction_first_slice"] = valid[0],
            ["prediction_mean_std_l2"] = ModuleValues.Checksums(batchLengths.Select((n, b) => prediction[b].narrow(0, 0, n))),
            ["loss"] = loss,
            ["loss_per_volume"] = MaskedEmbedding.PerVolume(batch, prediction, mask).reshape(views, volumes),
            ["grad.features"] = features.grad!,
        };
        outputs.AddGradients(model, golden.StateDict());
        return outputs;
    }

    private static Tensor Features(GoldenCase golden, long[] lengths, long views)
    {
        if (golden.Has("features"))
            return golden["features"];
        var perView = Enumerable.Range(0, (int)views).Select(v => SlicePacking.Pad(
            cat([.. lengths.Select((n, b) => Recipe.Evaluate(golden.Text("inputs"), "features_b", new Dictionary<string, long> { ["N_b"] = n, ["b"] = b, ["v"] = v }))], 0), lengths));
        return golden.Cast(stack([.. perView]));
    }
}
