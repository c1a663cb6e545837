using System.Globalization;
using Conjoint.Training.Monitoring;

namespace Conjoint.Tasks.Detection;

/// <summary>Scores of a detector as lines of <c>metrics.jsonl</c>. What a set can't tell is left out.</summary>
internal static class DetectionLines
{
    /// <summary>The figures of a validation in the middle of training.</summary>
    public static void AddValidation(MetricsLine line, DetectionSummary summary)
    {
        line.Add("cases", summary.Cases).Add("boxes", summary.Boxes);
        AddIfThere(line, "ap50", summary.Ap50);
        AddIfThere(line, "coco_ap", summary.CocoAp);
    }

    /// <summary>One image of a split.</summary>
    public static MetricsLine Case(string split, DetectedCase found) =>
        new MetricsLine("test").Add("split", split).Add("case", found.Case).Add("boxes", found.Truth.Count).Add("detections", found.Found.Count);

    /// <summary>All images of a split.</summary>
    public static MetricsLine Summary(string split, DetectionSummary summary)
    {
        var line = new MetricsLine("test").Add("split", split).Add("summary", true);
        AddValidation(line, summary);
        AddIfThere(line, "cpm", summary.Cpm);
        foreach (var (rate, sensitivity) in summary.Froc)
            AddIfThere(line, SensitivityKey(rate), sensitivity);
        foreach (var (k, score) in summary.Classes.Index())
        {
            var number = k.ToString(CultureInfo.InvariantCulture);
            AddIfThere(line, $"ap50_class_{number}", score.Ap50);
            AddIfThere(line, $"coco_ap_class_{number}", score.CocoAp);
            AddIfThere(line, $"cpm_class_{number}", score.Cpm);
            foreach (var (rate, sensitivity) in score.Froc)
                AddIfThere(line, $"{SensitivityKey(rate)}_class_{number}", sensitivity);
        }

        return line;
    }

    /// <summary>0.125 gives <c>sensitivity_at_fppi_0_125</c>.</summary>
    internal static string SensitivityKey(double falsePositives) => "sensitivity_at_fppi_" + falsePositives.ToString("0.###", CultureInfo.InvariantCulture).Replace('.', '_');

    private static void AddIfThere(MetricsLine line, string key, double value)
    {
        if (!double.IsNaN(value))
            line.Add(key, value);
    }
}
