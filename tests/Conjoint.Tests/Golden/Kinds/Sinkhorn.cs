using Conjoint.Objectives;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Codes of one process.</summary>
internal sealed class Sinkhorn : IGoldenKind
{
    public string Prefix => "sinkhorn";

    public static SinkhornSettings Settings(GoldenCase golden, string iterations = "iterations") =>
        new() { Epsilon = golden.Number("epsilon"), Iterations = golden.Int(iterations) };

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        Assert.Equal(1, golden.Int("world_size"));
        return new Dictionary<string, Tensor> { ["q"] = new SinkhornKnopp(Settings(golden), SingleProcess.Instance).Codes(golden["scores"]) };
    }
}
