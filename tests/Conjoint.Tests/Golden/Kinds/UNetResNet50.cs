using System.Globalization;
using System.Text.RegularExpressions;
using Conjoint.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The U-Net at full size by recipe, eval and train mode.</summary>
internal sealed partial class UNetResNet50 : IGoldenKind
{
    public string Prefix => "unet_resnet50";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var model = ModelText().Match(golden.Text("model"));
        Assert.True(model.Success && model.Groups["channels"].Value == "1", "a grey Unet('resnet50') is expected");
        var classes = int.Parse(model.Groups["classes"].Value, CultureInfo.InvariantCulture);
        var unet = new UNet(new SliceEncoder(new SliceEncoderSettings()), classes);
        Fill(unet, golden.Int("recipe_seed"));
        unet.to(golden.Type);

        var x = golden.Cast(Recipe.Evaluate(golden.Text("input"), null, new Dictionary<string, long>()));
        var stem = unet.get_parameter("encoder.conv1.weight")!;
        var outputs = new Dictionary<string, Tensor>
        {
            // There the stem has one input channel, here the sum over three.
            ["param_count"] = tensor(unet.parameters().Sum(p => p.numel()) - stem.numel() * 2 / 3),
        };
        foreach (var mode in new[] { "eval", "train" })
        {
            using var noGradient = no_grad();
            unet.train(mode == "train");
            outputs[mode + ".logits"] = unet.forward(x);
            outputs[mode + ".enc_mean_std_l2"] = ModuleValues.Checksums([x, .. unet.Encoder.Levels(x)]);
        }

        return outputs;
    }

    /// <summary>As the recipe fills the library's model, whose stem has one channel: ours holds it in the first of three.</summary>
    private static void Fill(UNet unet, int seed)
    {
        const string stemName = "encoder.conv1.weight";
        string[] order = [.. ModuleValues.PyTorchOrder(unet)];
        Assert.Equal(stemName, order[0]);
        Recipe.Fill(unet, order, seed);
        using var noGradient = no_grad();
        var stem = unet.get_parameter(stemName)!;
        stem.zero_();
        stem.narrow(1, 0, 1).copy_(Recipe.Entry(stemName, [stem.shape[0], 1, stem.shape[2], stem.shape[3]], (uint)seed, 0));
    }

    [GeneratedRegex(@"Unet\('resnet50'.*in_channels=(?<channels>\d+).*classes=(?<classes>\d+)")]
    private static partial Regex ModelText();
}
