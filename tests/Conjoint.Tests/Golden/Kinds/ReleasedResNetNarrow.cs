using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The released multi-level feature of a narrow net with given parameters.</summary>
internal sealed class ReleasedResNetNarrow : IGoldenKind
{
    public string Prefix => "resnet_narrow";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        Assert.Equal("Bottleneck", golden.Text("block"));
        var encoder = new SliceEncoder(ReleasedNets.SliceEncoder(golden.Int("width_per_group"), golden.Ints("layers")));
        Assert.Equal(golden.Int("feature"), encoder.FeatureWidth);
        ReleasedNets.Load(golden, encoder);
        ModuleValues.SetMode(golden, encoder);
        var x = golden["x"].requires_grad_();
        var y = encoder.forward(x);
        (y * golden["grad_out"]).sum().backward();
        var outputs = new Dictionary<string, Tensor> { ["y"] = y, ["grad.x"] = x.grad! };
        ReleasedNets.AddGradients(outputs, golden, encoder);
        foreach (var (name, buffer) in encoder.named_buffers())
            outputs["bufp." + name] = buffer;
        return outputs;
    }
}
