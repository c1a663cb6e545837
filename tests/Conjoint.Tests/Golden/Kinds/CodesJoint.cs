using Conjoint.Objectives;
using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Eq. (2) as it is written: one Q over all assigned views.</summary>
internal sealed class CodesJoint : IGoldenKind
{
    public string Prefix => "codes_joint";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var raw = golden["raw"].requires_grad_();                                           // [crops, B, d]
        Assert.Equal(golden.Int("crops"), raw.shape[0]);
        var normalised = nn.functional.normalize(golden["prototypes"], p: 2, dim: 1).requires_grad_();
        var all = nn.functional.linear(nn.functional.normalize(raw, p: 2, dim: 2), normalised); // [crops, B, K]
        all.retain_grad();

        var objective = new SwappedPrediction(SwavCase.Settings(golden), SingleProcess.Instance);
        var (loss, codes) = objective.Loss([.. all.unbind(0).Select(crop => new[] { crop })]);
        loss.backward();
        return new Dictionary<string, Tensor>
        {
            ["scores"] = all,
            ["q"] = codes[0],
            ["loss"] = loss,
            ["prototypes_normalized"] = normalised,
            ["grad.scores"] = all.grad!,
            ["grad.prototypes"] = normalised.grad!,
            ["grad.raw"] = raw.grad!,
        };
    }
}
