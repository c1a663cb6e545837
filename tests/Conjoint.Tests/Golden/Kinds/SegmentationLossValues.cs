using Conjoint.Objectives;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Cross-entropy and soft Dice with their gradient; some classes are absent.</summary>
internal sealed class SegmentationLossValues : IGoldenKind
{
    public string Prefix => "segmentation_loss";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var logits = golden["logits"].requires_grad_();
        var truth = golden["true"];
        Assert.Equal(golden.Int("classes"), logits.shape[1]);
        var loss = SegmentationLoss.Loss(logits, truth);
        loss.backward();
        return new Dictionary<string, Tensor>
        {
            ["ce"] = SegmentationLoss.CrossEntropy(logits, truth),
            ["dice_loss"] = SegmentationLoss.Dice(logits, truth),
            ["loss"] = loss,
            ["grad.logits"] = logits.grad!,
        };
    }
}
