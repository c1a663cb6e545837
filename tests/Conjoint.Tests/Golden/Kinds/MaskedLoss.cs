using Conjoint.Objectives;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Eq. (15) beside the release's mean squared error on the same tensors.</summary>
internal sealed class MaskedLoss : IGoldenKind
{
    public string Prefix => "masked_loss";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var (x1, x2) = (golden["x1"], golden["x2"]);
        var (p1, p2) = (golden["p1"].requires_grad_(), golden["p2"].requires_grad_());
        var mask = golden["mask"].squeeze(-1);                                              // [B, N]

        var divisor = golden.Int("n_mask_tokens_int");
        var release = MaskedEmbedding.ReleasedLoss(x1, p1, divisor) + MaskedEmbedding.ReleasedLoss(x2, p2, divisor);
        release.backward();
        var outputs = new Dictionary<string, Tensor>
        {
            ["release_loss"] = release,
            ["release_grad.p1"] = p1.grad!.clone(),
            ["release_grad.p2"] = p2.grad!.clone(),
            ["eq15_per_volume_view1"] = MaskedEmbedding.PerVolume(x1, p1, mask),
            ["eq15_per_volume_view2"] = MaskedEmbedding.PerVolume(x2, p2, mask),
            ["eq15_view1"] = MaskedEmbedding.Loss(x1, p1, mask),
        };
        p1.grad!.zero_();
        p2.grad!.zero_();

        // The case adds the two views where the method averages them.
        var both = 2 * MaskedEmbedding.Loss(cat([x1, x2], 0), cat([p1, p2], 0), cat([mask, mask], 0));
        both.backward();
        outputs["eq15_both_views"] = both;
        outputs["eq15_grad.p1"] = p1.grad!;
        outputs["eq15_grad.p2"] = p2.grad!;
        return outputs;
    }
}
