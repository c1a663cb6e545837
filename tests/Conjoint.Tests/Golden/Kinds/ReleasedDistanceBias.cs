using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The position bias of the released code's library alone.</summary>
internal sealed class ReleasedDistanceBias : IGoldenKind
{
    public string Prefix => "cpb";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var bias = new DistanceBias(golden.Int("dim"), golden.Int("heads"), golden.Int("offset_groups"), golden.Int("depth"), golden.Flag("log_distance"));
        ReleasedNets.Load(golden, bias);
        var keys = golden["grid_kv"].requires_grad_();
        var y = bias.forward(golden["grid_q"], keys);
        (y * golden["grad_out"]).sum().backward();
        var outputs = new Dictionary<string, Tensor> { ["bias"] = y, ["grad.grid_kv"] = keys.grad! };
        ReleasedNets.AddGradients(outputs, golden, bias);
        return outputs;
    }
}
