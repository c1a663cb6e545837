using Conjoint.Tasks.Classification;
using Conjoint.Tasks.Detection;
using Conjoint.Tasks.Segmentation;

namespace Conjoint.Benchmarks.Cells;

/// <summary>What a fine-tuning leaves in a table: its score, what else is known of it, and a score a case where there is one.</summary>
internal static class FineTunedScores
{
    /// <summary>Name of the number that a table shows, in [0, 1].</summary>
    public const string Score = "score";

    /// <summary>Name of the number that is 1 where the loss stopped being finite at every rate; the score is 0 then.</summary>
    public const string Diverged = "diverged";

    /// <summary>A run whose loss stopped being finite.</summary>
    public static CellOutcome OfDiverged() => new(new Dictionary<string, double> { [Score] = 0, [Diverged] = 1 });

    /// <summary>Mean IoU or Dice over test cases.</summary>
    public static CellOutcome Of(SegmentationResult result, bool iou)
    {
        var summary = result.Summary;
        var numbers = new Dictionary<string, double>
        {
            [Score] = iou ? summary.Iou.Mean : summary.Dice.Mean,
            ["iou"] = summary.Iou.Mean, ["dice"] = summary.Dice.Mean, ["rate"] = result.LearningRate, ["step"] = result.Step, ["train_subjects"] = result.TrainSubjects, [Diverged] = 0,
        };
        foreach (var c in summary.Classes)
            numbers[FormattableString.Invariant($"{(iou ? "iou" : "dice")}_class_{c.Label}")] = iou ? c.Iou : c.Dice;
        return new CellOutcome(numbers, result.Test.ToDictionary(c => c.Case, c => iou ? c.Iou : c.Dice));
    }

    /// <summary>Area under the ROC curve.</summary>
    public static CellOutcome Of(ClassificationResult result) => new(new Dictionary<string, double>
    {
        [Score] = result.Summary.Auc, ["auc_low"] = result.Summary.AucLow, ["auc_high"] = result.Summary.AucHigh, ["accuracy"] = result.Summary.Accuracy,
        ["rate"] = result.LearningRate, ["step"] = result.Step, ["train_subjects"] = result.TrainSubjects, [Diverged] = 0,
    });

    /// <summary>Mean AP at IoU 0.5.</summary>
    public static CellOutcome Of(DetectionResult result)
    {
        var numbers = new Dictionary<string, double>
        {
            [Score] = result.Summary.Ap50, ["coco_ap"] = result.Summary.CocoAp, ["rate"] = result.LearningRate, ["step"] = result.Step, ["train_subjects"] = result.TrainSubjects, [Diverged] = 0,
        };
        foreach (var c in result.Summary.Classes)
            numbers[$"ap50_{c.Name}"] = c.Ap50;
        return new CellOutcome(numbers);
    }
}
