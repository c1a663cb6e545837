using Conjoint.Nets;
using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Ten steps of the volume stage with SwAV: both encoders train, Eq. (9)–(12), LARC-SGD.</summary>
internal sealed class PaperTrajectoryVolumes : IGoldenKind
{
    public string Prefix => "paper_trajectory_volumes";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var sliceEncoder = new SliceEncoder(NetSettings.SliceEncoder(golden));
        var volumeEncoder = new VolumeEncoder(NetSettings.VolumeEncoder(golden), golden.Int("features"));
        var prototypes = new Prototypes([golden.Int("K")], golden.Int("dim"));
        ModuleValues.Fill(golden, sliceEncoder, "recipe_seed_slice_encoder", "state_dict_slice_encoder");
        ModuleValues.Fill(golden, volumeEncoder, "recipe_seed_volume_encoder", "state_dict_volume_encoder");
        Recipe.Fill(prototypes, ["prototypes0.weight"], golden.Int("recipe_seed_prototypes"));
        prototypes.to(golden.Type);

        nn.Module[] modules = [sliceEncoder, volumeEncoder, prototypes];
        foreach (var module in modules)
            module.train();
        using var optimiser = new LarcSgd(modules.SelectMany(m => m.named_parameters().Select(p => (m.GetName() + "." + p.name, p.parameter))), new LarcSgdSettings());
        var objective = new SwappedPrediction(SwavCase.Settings(golden), SingleProcess.Instance);
        var (lengths, rates, frozen) = (golden.Lengths(), golden.Values("lr"), golden.Int("freeze_prototypes_niters"));
        var (intraOrder, interOrder) = (golden.StateDict("state_dict_slice_encoder"), golden.StateDict("state_dict_volume_encoder"));
        Assert.Equal(golden.Int("iterations"), rates.Length);

        var outputs = new Dictionary<string, Tensor>();
        var losses = new List<Tensor>();
        for (var step = 0; step < rates.Length; step++)
        {
            using var scope = NewDisposeScope();
            prototypes.Normalize();
            long[] both = [.. lengths, .. lengths];
            var features = SlicePacking.Pad(sliceEncoder.forward(TrajectoryViews.Slices(golden, step, 2, lengths)), both);
            var (_, embedding) = volumeEncoder.Encode(features, both);                      // [2B, d]
            var scores = prototypes.forward(embedding)[0].chunk(2, 0);                      // per view [B, K]
            var (loss, codes) = objective.Loss([[scores[0]], [scores[1]]]);
            optimiser.ZeroGradients();
            loss.backward();
            losses.Add(loss.detach().MoveToOuterDisposeScope());
            if (step == 0)
            {
                outputs["embedding_step0"] = embedding.detach().MoveToOuterDisposeScope();
                outputs["scores_step0"] = stack(scores).detach().MoveToOuterDisposeScope();
                outputs["q_step0"] = codes[0].MoveToOuterDisposeScope();
                outputs["gradp_step0_mean_std_l2"] = cat(
                    [Gradients(sliceEncoder, intraOrder), Gradients(volumeEncoder, interOrder), Gradients(prototypes, ["prototypes0.weight"])], 0).MoveToOuterDisposeScope();
            }

            if (step < frozen)
                prototypes.DropGradients();
            optimiser.Step(rates[step]);
        }

        outputs["loss"] = stack(losses);
        outputs["final_slice_encoder_mean_std_l2"] = ModuleValues.Checksums(sliceEncoder, intraOrder);
        outputs["final_buffers_mean_std_l2"] = ModuleValues.Checksums(sliceEncoder, intraOrder, buffers: true);
        outputs["final_volume_encoder_mean_std_l2"] = ModuleValues.Checksums(volumeEncoder, interOrder);
        outputs["final.prototypes"] = prototypes.get_parameter("prototypes0.weight")!;
        return outputs;
    }

    private static Tensor Gradients(nn.Module module, IReadOnlyList<string> order)
    {
        var outputs = new Dictionary<string, Tensor>();
        outputs.AddGradients(module, order);
        return outputs["gradp_mean_std_l2"];
    }
}
