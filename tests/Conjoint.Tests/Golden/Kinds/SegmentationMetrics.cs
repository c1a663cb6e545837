using Conjoint.Tasks.Metrics;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Dice and IoU of class maps: plain, and as the release computes them by image, batch and volume.</summary>
internal sealed class SegmentationMetrics : IGoldenKind
{
    public string Prefix => "segmentation_metrics";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var (truth, prediction, classes) = (golden["true"], golden["pred"], golden.Int("classes"));
        Overlap[] Count(long first, long count) => Overlap.Count(Classes(prediction.narrow(0, first, count)), Classes(truth.narrow(0, first, count)), classes);

        var slices = golden.Int("slices");
        var all = Count(0, slices);
        Overlap[][] images = [.. Enumerable.Range(0, slices).Select(i => Count(i, 1))];
        var volumes = new List<Overlap[]>();
        foreach (var size in golden.Ints("volume_sizes"))
            volumes.Add(Count(volumes.Count == 0 ? 0 : volumes.Sum(v => Slices(v, truth)), size));

        static Tensor Row(IEnumerable<double> values) => tensor([.. values], ScalarType.Float64);
        double[] InBatches(Func<Overlap, double> score) => PerClass(images, golden.Int("batch"), golden.Flag("drop_last"), score);
        return new Dictionary<string, Tensor>
        {
            ["inter"] = tensor([.. all.Select(o => o.Intersection)], ScalarType.Int64),
            ["n_pred"] = tensor([.. all.Select(o => o.Predicted)], ScalarType.Int64),
            ["n_true"] = tensor([.. all.Select(o => o.True)], ScalarType.Int64),
            ["plain_dice"] = Row(all.Select(o => o.Dice)),
            ["plain_iou"] = Row(all.Select(o => o.Iou)),
            ["release_2d_dice_per_class"] = Row(InBatches(ReleasedOverlap.Dice)),
            ["release_2d_iou_per_class"] = Row(InBatches(ReleasedOverlap.Iou)),
            ["release_3d_iou_per_class"] = Row(ReleasedOverlap.PerClass(volumes, 1, ReleasedOverlap.Iou)),
            ["multiclass_dice_reduced"] = tensor(all.Average(ReleasedOverlap.Dice)),
            ["multiclass_dice_per_image"] = tensor(images.Average(image => image.Average(ReleasedOverlap.Dice))),
            ["multiclass_iou_reduced"] = tensor(all.Average(ReleasedOverlap.Iou)),
        };
    }

    /// <summary>The release drops a last partial batch; where a case keeps it, it weighs as much as a whole one.</summary>
    private static double[] PerClass(Overlap[][] images, int batch, bool dropsLast, Func<Overlap, double> score)
    {
        var (batches, rest) = (images.Length / batch, images.Length % batch);
        if (dropsLast || rest == 0)
            return ReleasedOverlap.PerClass(images, batch, score);
        var last = ReleasedOverlap.PerClass(images[^rest..], rest, score);
        return batches == 0 ? last : [.. ReleasedOverlap.PerClass(images, batch, score).Zip(last, (whole, part) => (batches * whole + part) / (batches + 1))];
    }

    /// <summary>How many slices a volume's voxels fill.</summary>
    private static long Slices(Overlap[] volume, Tensor truth) => volume.Sum(o => o.True) / (truth.shape[1] * truth.shape[2]);

    private static ushort[] Classes(Tensor map) => Array.ConvertAll(map.contiguous().reshape(-1).data<long>().ToArray(), c => (ushort)c);
}
