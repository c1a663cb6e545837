using System.Globalization;
using System.Text.RegularExpressions;
using Conjoint.Tasks.Metrics;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>COCO's average precision over a range of IoU thresholds.</summary>
internal sealed partial class CocoAveragePrecision : IGoldenKind
{
    public string Prefix => "coco_ap";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var (truths, detections) = (DetectionRows.Truths(golden), DetectionRows.Detections(golden));
        var (classes, most, thresholds) = (golden.Int("classes"), golden.Int("max_detections"), Thresholds(golden.Text("iou_thresholds")));
        double[] At(double iou) => [.. AveragePrecision.Curves(truths, detections, classes, iou, most).Select(c => c.CocoAverage)];
        var mean = AveragePrecision.Coco(truths, detections, classes, thresholds, most);
        var outputs = new Dictionary<string, Tensor>
        {
            ["ap_per_threshold_and_class"] = tensor(thresholds.SelectMany(At).ToArray(), [thresholds.Length, classes]),
            ["ap_per_class"] = tensor(mean),
            ["map"] = tensor(MeanStd.Of(mean).Mean),
        };
        foreach (var name in golden.Outputs)
        {
            if (AtOneThreshold().Match(name) is not { Success: true } match)
                continue;
            var values = At(DetectionRows.Fraction(match.Groups[2].Value));
            outputs[name] = match.Groups[1].Value == "ap" ? tensor(values) : tensor(MeanStd.Of(values).Mean);
        }

        return outputs;
    }

    /// <summary>First, step and last, as <c>0.5:0.05:0.95</c>.</summary>
    private static double[] Thresholds(string range)
    {
        var parts = range.Split(':').Select(p => double.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        var steps = (int)Math.Round((parts[2] - parts[0]) / parts[1]);
        return [.. Enumerable.Range(0, steps + 1).Select(i => parts[0] + i * parts[1])];
    }

    [GeneratedRegex(@"^(ap|map)(\d+)(_per_class)?$")]
    private static partial Regex AtOneThreshold();
}
