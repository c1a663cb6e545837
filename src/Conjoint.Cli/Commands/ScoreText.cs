using System.Globalization;
using System.Text;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.Detection;
using Conjoint.Tasks.Metrics;

namespace Conjoint.Cli.Commands;

/// <summary>Scores as lines for a terminal.</summary>
internal static class ScoreText
{
    /// <summary>Those of a segmentation.</summary>
    public static string Of(ScoreSummary summary, string split)
    {
        if (summary.Cases == 0)
            return summary.Classes.Count == 0 ? Nothing(split) : $"{split}: no class in any truth or prediction, so that nothing is scored\n";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{split}: {summary.Cases} {(summary.Cases == 1 ? "case" : "cases")}, Dice {summary.Dice}, IoU {summary.Iou}");
        if (!double.IsNaN(summary.Hd95.Mean))
            text.Append(CultureInfo.InvariantCulture, $", HD95 {summary.Hd95.Mean:0.00} {summary.DistanceUnit}, ASSD {summary.Assd.Mean:0.00} {summary.DistanceUnit}");
        text.Append('\n');
        foreach (var label in summary.Classes)
            text.Append(double.IsNaN(label.Dice) ? $"  class {label.Label}: in no case\n" : string.Create(CultureInfo.InvariantCulture, $"  class {label.Label}: Dice {label.Dice:0.000}, IoU {label.Iou:0.000}\n"));
        return text.ToString();
    }

    private static string Nothing(string split) => $"{split}: no labelled case, so that nothing is scored\n";

    /// <summary>Those of a classification.</summary>
    public static string Of(ClassificationSummary summary, string split)
    {
        if (summary.Cases == 0)
            return Nothing(split);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{split}: {summary}\n");
        foreach (var (specificity, sensitivity) in summary.Sensitivities.Where(s => !double.IsNaN(s.Sensitivity)))
            text.Append(CultureInfo.InvariantCulture, $"  sensitivity {sensitivity:0.000} at specificity {specificity}\n");
        foreach (var found in summary.Classes.Where(c => c.Cases > 0))
            text.Append(CultureInfo.InvariantCulture, $"  class {found.Name}: {found.Cases} {(found.Cases == 1 ? "case" : "cases")}, recall {found.Recall:0.000}\n");
        return text.ToString();
    }

    /// <summary>Those of a cross-validation.</summary>
    public static string Of(FoldedClassificationResult result) => Of(result.Summary, "all folds")
        + string.Concat(result.Folds.Select(f => string.Create(CultureInfo.InvariantCulture, $"  fold {f.Fold}: {f.Cases} {(f.Cases == 1 ? "case" : "cases")}, AUC {f.Auc:0.000}\n")))
        + string.Create(CultureInfo.InvariantCulture, $"  folds: AUC {new MeanStd(result.AucMean, result.AucStd, result.Folds.Count)}\n");

    /// <summary>Those of a detection.</summary>
    public static string Of(DetectionSummary summary, string split)
    {
        if (summary.Cases == 0)
            return Nothing(split);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{split}: {summary}\n");
        foreach (var found in summary.Classes.Where(c => c.Boxes > 0))
            text.Append(CultureInfo.InvariantCulture, $"  class {found.Name}: {found.Boxes} {(found.Boxes == 1 ? "box" : "boxes")}, AP50 {found.Ap50:0.000}, COCO AP {found.CocoAp:0.000}, CPM {found.Cpm:0.000}\n");
        foreach (var (rate, sensitivity) in summary.Froc.Where(f => !double.IsNaN(f.Sensitivity)))
            text.Append(CultureInfo.InvariantCulture, $"  sensitivity {sensitivity:0.000} at {rate} false positives an image\n");
        return text.ToString();
    }
}
