using Conjoint.Nets;
using Conjoint.Objectives;
using Conjoint.Training.Optimisation;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Ten steps of the masked stage: frozen slice encoder, Eq. (15), LARC-SGD.</summary>
internal sealed class PaperTrajectoryMasked : IGoldenKind
{
    public string Prefix => "paper_trajectory_masked";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var sliceEncoder = new SliceEncoder(NetSettings.SliceEncoder(golden));
        Assert.Equal(golden.Int("features"), sliceEncoder.FeatureWidth);
        var model = new MaskedModel(new VolumeEncoder(NetSettings.VolumeEncoder(golden), sliceEncoder.FeatureWidth));
        ModuleValues.Fill(golden, sliceEncoder, "recipe_seed_slice_encoder", "state_dict_slice_encoder");
        ModuleValues.Fill(golden, model, "recipe_seed_masked_model", "state_dict_masked_model");
        sliceEncoder.eval();
        using var optimiser = new LarcSgd(model.named_parameters(), new LarcSgdSettings());
        var (lengths, rates, masks) = (golden.Lengths(), golden.Values("lr"), golden["masks"]);
        var views = (int)masks.shape[1];
        long[] batch = [.. Enumerable.Repeat(lengths, views).SelectMany(n => n)];
        Assert.Equal(golden.Int("iterations"), rates.Length);

        var losses = new List<Tensor>();
        for (var step = 0; step < rates.Length; step++)
        {
            using var scope = NewDisposeScope();
            Tensor features;
            using (no_grad())
                features = SlicePacking.Pad(sliceEncoder.forward(TrajectoryViews.Slices(golden, step, views, lengths)), batch);
            var mask = masks[step].reshape(features.shape[0], -1).narrow(1, 0, features.shape[1]);
            var prediction = model.Predict(features, batch, mask);
            var loss = MaskedEmbedding.Loss(features, prediction, mask);
            optimiser.ZeroGradients();
            loss.backward();
            optimiser.Step(rates[step]);
            losses.Add(loss.detach().MoveToOuterDisposeScope());
        }

        var order = golden.StateDict("state_dict_masked_model");
        var outputs = new Dictionary<string, Tensor>
        {
            ["loss"] = stack(losses),
            ["final_mean_std_l2"] = ModuleValues.Checksums(model, order),
        };
        foreach (var (name, parameter) in model.named_parameters())
            outputs["final." + name] = parameter;
        for (var l = 0; l < model.Encoder.Layers.Count; l++)
            outputs[$"final.bias_table_layer{l}"] = model.get_parameter($"encoder.layers.{l}.attention.bias_table")!;
        return outputs;
    }
}
