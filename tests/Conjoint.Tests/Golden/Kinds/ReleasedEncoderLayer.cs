using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>One layer of the released f_inter, with gradients.</summary>
internal sealed class ReleasedEncoderLayer : IGoldenKind
{
    public string Prefix => "encoder_layer";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var layer = new VolumeEncoderLayer(ReleasedNets.VolumeEncoder(golden));
        ReleasedNets.Load(golden, layer);
        ModuleValues.SetMode(golden, layer);
        var x = golden["x"].requires_grad_();                                               // [B, N, d]
        var y = layer.forward(x, ReleasedEncoderModel.Layout(x));
        (y * golden["grad_out"]).sum().backward();
        var outputs = new Dictionary<string, Tensor> { ["y"] = y, ["grad.x"] = x.grad! };
        ReleasedNets.AddGradients(outputs, golden, layer);
        return outputs;
    }
}
