using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Sampling as both versions of the released code's library do it.</summary>
internal sealed class ReleasedGridSample : IGoldenKind
{
    public string Prefix => "grid_sample_1d";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var (sequence, grid) = (golden["feats"].requires_grad_(), golden["grid"].requires_grad_());
        Assert.Equal(golden.Int("n"), sequence.shape[2]);
        var y = ReleasedSampling.Sample(sequence, grid, ReleasedNets.Sampling(golden));
        (y * golden["grad_out"]).sum().backward();
        return new Dictionary<string, Tensor> { ["y"] = y, ["grad.feats"] = sequence.grad!, ["grad.grid"] = grid.grad! };
    }
}
