using System.Globalization;
using System.Text.RegularExpressions;
using Conjoint.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The released joint model at full size from slices to scores, by recipe.</summary>
internal sealed partial class ReleasedJointModel : IGoldenKind
{
    public string Prefix => "joint_model_full";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        using var noGradient = no_grad();
        var text = golden.Text("model");
        var (numbers, drop, counts) = Read(text);
        var slicesEncoder = new SliceEncoder(ReleasedNets.SliceEncoder(text));
        var volumeEncoder = new VolumeEncoder(
            ReleasedNets.Released(numbers[0]) with { Width = numbers[1], HiddenWidth = numbers[2], Layers = numbers[3], Dropout = drop, Sampling = ReleasedNets.Sampling(golden) },
            slicesEncoder.FeatureWidth);
        var prototypes = new Prototypes(counts, numbers[1]);
        nn.Module[] modules = [slicesEncoder, volumeEncoder, prototypes];
        ReleasedNets.Fill(golden, "recipe_seed", modules);
        foreach (var module in modules)
            module.to(golden.Type);

        var x = golden.Cast(Recipe.Evaluate(golden.Text("input"), null, new Dictionary<string, long>()));    // [B, N, 3, H, W]
        var lengths = Enumerable.Repeat(x.shape[1], (int)x.shape[0]).ToArray();
        var outputs = new Dictionary<string, Tensor>();
        foreach (var mode in new[] { "eval", "train" })
        {
            foreach (var module in modules)
                module.train(mode == "train");
            var features = SlicePacking.Pad(slicesEncoder.forward(x.flatten(0, 1)), lengths);
            var intra = volumeEncoder.Embed(features, ReleasedEncoderModel.Layout(features));    // [B, N, 640]
            var (inter, embedding) = volumeEncoder.Encode(features, lengths);
            outputs[mode + ".intra_slice0"] = intra.select(1, 0);
            outputs[mode + ".intra_mean_std_l2"] = ModuleValues.Checksums([intra]);
            outputs[mode + ".inter_slice0"] = inter.select(1, 0);
            outputs[mode + ".inter_mean_std_l2"] = ModuleValues.Checksums([inter]);
            outputs[mode + ".embedding"] = embedding;
            outputs[mode + ".scores"] = prototypes.forward(embedding)[0];
        }

        return outputs;
    }

    private static (int[] Numbers, double Drop, int[] Counts) Read(string model)
    {
        var match = Model().Match(model);
        if (!match.Success)
            throw new InvalidDataException($"no EncoderModel and MultiPrototypes in '{model}'");
        int Number(string name) => int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
        var counts = match.Groups["counts"].Value.Split(',', StringSplitOptions.TrimEntries).Select(c => int.Parse(c, CultureInfo.InvariantCulture));
        return ([Number("slices"), Number("width"), Number("hidden"), Number("layers")], double.Parse(match.Groups["drop"].Value, CultureInfo.InvariantCulture), [.. counts]);
    }

    [GeneratedRegex(@"EncoderModel\((?<slices>\d+), *(?<width>\d+), *(?<hidden>\d+), *(?<drop>[\d.]+), *(?<layers>\d+)\), *MultiPrototypes\(\d+, *\[(?<counts>[\d, ]+)\]\)")]
    private static partial Regex Model();
}
