using Conjoint.Nets;
using Conjoint.Objectives;
using Conjoint.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Steps of the released masked stage: slice encoder and embedding stand still.</summary>
internal sealed class ReleasedTrajectoryMask : IGoldenKind
{
    private const double ReleasedRatio = 0.1;

    public string Prefix => "trajectory_stage2_mask";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var sliceEncoder = new SliceEncoder(ReleasedNets.SliceEncoder(golden.Text("slice_encoder")));
        var volumeEncoder = new VolumeEncoder(ReleasedNets.VolumeEncoder(golden), sliceEncoder.FeatureWidth);
        ReleasedNets.Fill(golden, "recipe_seed_slice_encoder", sliceEncoder, ReleasedNets.Embedding(volumeEncoder));
        var model = new MaskedModel(volumeEncoder, MaskedTarget.Embedding);
        // There the embedding belongs to the slice encoder.
        bool Theirs(string name) => !name.StartsWith("encoder.embedding.", StringComparison.Ordinal);
        ReleasedNets.Fill(golden, "recipe_seed_model", ReleasedNets.Entries(model).Where(e => Theirs(e.Name)));
        sliceEncoder.to(golden.Type).eval();
        model.to(golden.Type).train();

        using var optimiser = new LarcSgd(model.named_parameters().Select(p => (p.name, p.parameter)), new LarcSgdSettings());
        var (rates, masks, losses) = (golden.Values("lr"), golden["masks"], new List<Tensor>());
        Assert.Equal(golden.Int("iterations"), rates.Length);
        for (var step = 0; step < rates.Length; step++)
        {
            using var scope = NewDisposeScope();
            var mask = masks[step].squeeze(-1).repeat(2, 1);                                // [2B, N], the same for both views
            var x = cat([ReleasedTrajectory.View(golden, 0, step), ReleasedTrajectory.View(golden, 1, step)], 0);    // [2B, N, 3, H, W]
            var lengths = Enumerable.Repeat(x.shape[1], (int)x.shape[0]).ToArray();
            var features = SlicePacking.Pad(sliceEncoder.forward(x.flatten(0, 1)).detach(), lengths);
            var (targets, predictions) = (model.TargetOf(features, lengths).chunk(2, 0), model.Predict(features, lengths, mask).chunk(2, 0));
            var divisor = MaskedEmbedding.ReleasedDivisor(x.shape[1], golden.HasKey("mask_ratio") ? golden.Number("mask_ratio") : ReleasedRatio);
            var loss = MaskedEmbedding.ReleasedLoss(targets[0], predictions[0], divisor) + MaskedEmbedding.ReleasedLoss(targets[1], predictions[1], divisor);
            optimiser.ZeroGradients();
            loss.backward();
            optimiser.Step(rates[step]);
            losses.Add(loss.detach().MoveToOuterDisposeScope());
        }

        return new Dictionary<string, Tensor>
        {
            ["loss"] = stack(losses),
            ["final_mean_std_l2"] = ModuleValues.Checksums(model, [.. ModuleValues.PyTorchOrder(model).Where(Theirs)]),
            ["final.mask_token"] = model.get_parameter("mask_token")!,
        };
    }
}
