using Conjoint.Objectives;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Codes, the same whether one process holds all samples or several hold a part each.</summary>
internal sealed class Sinkhorn : IGoldenKind
{
    public string Prefix => "sinkhorn";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var settings = new SinkhornSettings { Epsilon = golden.Number("epsilon"), Iterations = golden.Int("iterations") };
        var scores = golden["scores"];                                                      // [B, K]
        var alone = new SinkhornKnopp(settings, SingleProcess.Instance).Codes(scores);
        var outputs = new Dictionary<string, Tensor> { ["q"] = alone };
        if (golden.Int("world_size") == 1)
            return outputs;

        var parts = scores.tensor_split(golden.Int("world_size"), 0);
        var codes = InMemoryGroup.Run(parts.Length, group => new SinkhornKnopp(settings, group).Codes(parts[group.Rank]));
        var joined = cat(codes, 0);
        Assert.True(allclose(joined, alone, rtol: 0, atol: golden.Type == ScalarType.Float64 ? 1e-12 : 1e-6));
        outputs["q"] = outputs["q_all"] = joined;
        for (var rank = 0; rank < codes.Length; rank++)
            outputs[$"q_rank{rank}"] = codes[rank];
        return outputs;
    }
}
