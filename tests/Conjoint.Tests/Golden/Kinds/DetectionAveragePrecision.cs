using System.Text.RegularExpressions;
using Conjoint.Tasks.Metrics;
using static TorchSharp.torch;

namespace Conjoint.Tests.Golden.Kinds;

/// <summary>Average precision by all points and by COCO's 101, at the IoU thresholds that the outputs name.</summary>
internal sealed partial class DetectionAveragePrecision : IGoldenKind
{
    public string Prefix => "detection_ap";

    public IReadOnlyDictionary<string, Tensor> Compute(GoldenCase golden)
    {
        var (truths, detections) = (DetectionRows.Truths(golden), DetectionRows.Detections(golden));
        var most = golden.HasKey("max_detections") ? golden.Int("max_detections") : int.MaxValue;
        var outputs = new Dictionary<string, Tensor>();
        foreach (var name in golden.Outputs)
        {
            var match = Output().Match(name);
            Assert.True(match.Success, $"{golden.Name}: '{name}' names no average precision.");
            var curves = AveragePrecision.Curves(truths, detections, golden.Int("classes"), DetectionRows.Fraction(match.Groups[3].Value), most);
            var values = curves.Select(c => match.Groups[2].Value == "allpoint" ? c.AllPointAverage : c.CocoAverage).ToArray();
            outputs[name] = match.Groups[1].Value == "ap" ? tensor(values) : tensor(MeanStd.Of(values).Mean);
        }

        return outputs;
    }

    [GeneratedRegex(@"^(ap|map)_(allpoint|coco101)(?:_per_class)?_iou(\d+)$")]
    private static partial Regex Output();
}
