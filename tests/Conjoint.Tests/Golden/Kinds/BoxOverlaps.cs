using Conjoint.Nets.Detection;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>IoU and generalised IoU of every pair of boxes.</summary>
internal sealed class BoxOverlaps : IGoldenKind
{
    public string Prefix => "box_iou";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var (a, b) = (BoxCorners.FromTensor(golden["a"]), BoxCorners.FromTensor(golden["b"]));
        Tensor Pairs(Func<BoxCorners, BoxCorners, double> overlap) => tensor(a.SelectMany(x => b.Select(y => overlap(x, y))).ToArray(), [a.Length, b.Length]);
        return new Dictionary<string, Tensor> { ["iou"] = Pairs((x, y) => x.Iou(y)), ["giou"] = Pairs((x, y) => x.GeneralisedIou(y)) };
    }
}
