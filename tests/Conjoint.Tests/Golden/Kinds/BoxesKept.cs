using Conjoint.Nets.Detection;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Non-maximum suppression, of all boxes together or class by class.</summary>
internal sealed class BoxesKept : IGoldenKind
{
    public string Prefix => "nms";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var (boxes, scores, threshold) = (BoxCorners.FromTensor(golden["boxes"]), golden.Values("scores"), golden.Number("iou_threshold"));
        var kept = golden.Has("classes")
            ? NonMaximumSuppression.KeepByClass(boxes, scores, [.. golden.Integers("classes").Select(c => (int)c)], threshold)
            : NonMaximumSuppression.Keep(boxes, scores, threshold);
        return new Dictionary<string, Tensor> { ["keep"] = tensor(kept.Select(k => (long)k).ToArray()) };
    }
}
