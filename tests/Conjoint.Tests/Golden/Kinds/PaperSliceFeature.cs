using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The five-level feature of Eq. (9), narrow with gradients or full size by recipe.</summary>
internal sealed class PaperSliceFeature : IGoldenKind
{
    public string Prefix => "paper_slice_feature";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var encoder = new SliceEncoder(NetSettings.SliceEncoder(golden));
        Assert.Equal(golden.Int("feature"), encoder.FeatureWidth);
        ModuleValues.Fill(golden, encoder);
        var outputs = new Dictionary<string, Tensor>();
        if (golden.HasKey("recipe_seed"))
        {
            var x = golden.Cast(Recipe.Evaluate(golden.Text("input"), null, new Dictionary<string, long>()));
            AddMode(outputs, "eval.", encoder, x);
            AddMode(outputs, "train.", encoder, x);
            return outputs;
        }

        ModuleValues.SetMode(golden, encoder);
        var input = golden["x"].requires_grad_();
        var y = encoder.forward(input);
        (y * golden["grad_out"]).sum().backward();
        outputs["y"] = y;
        outputs["grad.x"] = input.grad!;
        outputs.AddGradients(encoder, golden.StateDict());
        foreach (var (name, buffer) in encoder.named_buffers())
            outputs["bufp." + name] = buffer.clone();
        if (golden.Has("x_gray"))
            outputs["y_gray"] = encoder.forward(golden["x_gray"]);
        return outputs;
    }

    private static void AddMode(Dictionary<string, Tensor> outputs, string prefix, SliceEncoder encoder, Tensor x)
    {
        using var noGradient = no_grad();
        // The maps without touching the running statistics: batch statistics do not depend on them.
        encoder.train(prefix == "train.");
        outputs[prefix + "feature"] = encoder.forward(x);
        foreach (var (name, buffer) in encoder.named_buffers())
            outputs[prefix + name] = buffer.clone();
        var levels = encoder.Levels(x);
        Tensor[] joined = [nn.functional.max_pool2d(levels[0], 3, 2, 1), .. levels.Skip(1)];
        outputs[prefix + "level_mean_std_l2"] = ModuleValues.Checksums(joined);
    }
}
