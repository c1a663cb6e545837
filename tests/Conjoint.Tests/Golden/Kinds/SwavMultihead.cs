using Conjoint.Objectives;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Several prototype heads, each with codes of its own.</summary>
internal sealed class SwavMultihead : IGoldenKind
{
    public string Prefix => "swav_multihead";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var raw = golden["raw"].requires_grad_();                                           // [crops, B, d]
        var counts = golden.Ints("K");
        Tensor[] heads = [.. counts.Select((_, h) => nn.functional.normalize(golden[$"prototypes{h}"], p: 2, dim: 1).requires_grad_())];
        Assert.Equal(counts, heads.Select(h => (int)h.shape[0]));
        var z = nn.functional.normalize(raw, p: 2, dim: 2);
        Tensor[][] scores = [.. z.unbind(0).Select(crop => heads.Select(h => nn.functional.linear(crop, h)).ToArray())];

        var objective = new SwappedPrediction(SwavCase.Settings(golden), SingleProcess.Instance);
        var (loss, codes) = objective.Loss(scores);
        loss.backward();
        var outputs = new Dictionary<string, Tensor> { ["loss"] = loss, ["grad.raw"] = raw.grad! };
        for (var h = 0; h < heads.Length; h++)
        {
            outputs[$"q{h}"] = codes[h];
            outputs[$"loss{h}"] = objective.Loss([.. scores.Select(crop => new[] { crop[h] })]).Loss;
            outputs[$"grad.prototypes{h}"] = heads[h].grad!;
        }

        return outputs;
    }
}
