using Conjoint.Objectives;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>The same codes whether one process holds all samples or several hold a part each.</summary>
internal sealed class SinkhornTwoProcesses : IGoldenKind
{
    public string Prefix => "sinkhorn_two_processes";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var settings = Sinkhorn.Settings(golden);
        var scores = golden["scores"];
        var parts = scores.chunk(golden.Int("world_size"), 0);
        var codes = InMemoryGroup.Run(parts.Length, group => new SinkhornKnopp(settings, group).Codes(parts[group.Rank]));

        var joined = cat(codes, 0);
        var alone = new SinkhornKnopp(settings, SingleProcess.Instance).Codes(scores);
        Assert.True(allclose(joined, alone, rtol: 0, atol: golden.Type == ScalarType.Float64 ? 1e-12 : 1e-6));
        var outputs = new Dictionary<string, Tensor> { ["q_all"] = joined };
        for (var rank = 0; rank < codes.Length; rank++)
            outputs[$"q_rank{rank}"] = codes[rank];
        return outputs;
    }
}
