using Conjoint.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The released slice encoder with its embedding at full size, by recipe.</summary>
internal sealed class ReleasedResNet50 : IGoldenKind
{
    public string Prefix => "resnet50_full";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        using var noGradient = no_grad();
        var encoder = new SliceEncoder(ReleasedNets.SliceEncoder(golden.Text("model")));
        // The embedding alone: as the release has it beside the slice encoder, 640 wide always.
        var volumes = new VolumeEncoder(ReleasedNets.Released(64) with { Layers = 1 }, encoder.FeatureWidth);
        ReleasedNets.Fill(golden, "recipe_seed", encoder, ReleasedNets.Embedding(volumes));
        encoder.to(golden.Type);
        volumes.to(golden.Type);

        var x = golden.Cast(Recipe.Evaluate(golden.Text("input"), null, new Dictionary<string, long>()));    // [B, N, 3, H, W]
        var slices = x.flatten(0, 1);
        var outputs = new Dictionary<string, Tensor>();
        foreach (var mode in new[] { "eval", "train" })
        {
            encoder.train(mode == "train");
            var feature = encoder.forward(slices);                                          // [BN, 5888]
            foreach (var (name, buffer) in encoder.named_buffers())
                outputs[$"{mode}.{name}"] = buffer.clone();
            var features = feature.reshape(x.shape[0], x.shape[1], -1);
            var y = volumes.Embed(features, ReleasedEncoderModel.Layout(features));         // [B, N, 640]
            outputs[mode + ".feature5888"] = feature;
            outputs[mode + ".y640"] = y;
            outputs[mode + ".y640_normalized"] = nn.functional.normalize(y, p: 2, dim: 2);
            var levels = encoder.Levels(slices);
            outputs[mode + ".stage_mean_std_l2"] = ModuleValues.Checksums([nn.functional.max_pool2d(levels[0], 3, 2, 1), .. levels.Skip(1)]);
        }

        return outputs;
    }
}
