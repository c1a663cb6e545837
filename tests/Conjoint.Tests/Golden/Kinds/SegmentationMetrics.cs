using Conjoint.Tasks.Metrics;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Dice and IoU: plain, and as the release averages them over images, batches and volumes.</summary>
internal sealed class SegmentationMetrics : IGoldenKind
{
    public string Prefix => "segmentation_metrics";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var (classes, slices) = (golden.Int("classes"), golden.Int("slices"));
        ushort[] prediction = [.. golden.Integers("pred").Select(v => (ushort)v)];
        ushort[] truth = [.. golden.Integers("true").Select(v => (ushort)v)];
        var plane = truth.Length / slices;
        Overlap[] Count(int first, int count) =>
            Overlap.Count(prediction.AsSpan(first * plane, count * plane), truth.AsSpan(first * plane, count * plane), classes);

        var all = Count(0, slices);
        Overlap[][] images = [.. Enumerable.Range(0, slices).Select(n => Count(n, 1))];
        var first = 0;
        Overlap[][] volumes = [.. golden.Ints("volume_sizes").Select(size => Count((first += size) - size, size))];
        var batch = golden.Int("batch");
        return new Dictionary<string, Tensor>
        {
            ["inter"] = tensor(all.Select(o => o.Intersection).ToArray()),
            ["n_pred"] = tensor(all.Select(o => o.Predicted).ToArray()),
            ["n_true"] = tensor(all.Select(o => o.True).ToArray()),
            ["plain_dice"] = tensor(all.Select(o => o.Dice).ToArray()),
            ["plain_iou"] = tensor(all.Select(o => o.Iou).ToArray()),
            ["release_2d_dice_per_class"] = tensor(ReleasedOverlap.PerClass(images, batch, ReleasedOverlap.Dice)),
            ["release_2d_iou_per_class"] = tensor(ReleasedOverlap.PerClass(images, batch, ReleasedOverlap.Iou)),
            ["release_3d_iou_per_class"] = tensor(ReleasedOverlap.PerClass(volumes, 1, ReleasedOverlap.Iou)),
            ["multiclass_dice_reduced"] = tensor(ReleasedOverlap.PerClass([all], 1, ReleasedOverlap.Dice).Average()),
            ["multiclass_dice_per_image"] = tensor(ReleasedOverlap.PerClass(images, 1, ReleasedOverlap.Dice).Average()),
            ["multiclass_iou_reduced"] = tensor(ReleasedOverlap.PerClass([all], 1, ReleasedOverlap.Iou).Average()),
        };
    }
}
