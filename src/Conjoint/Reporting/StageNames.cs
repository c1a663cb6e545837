namespace Conjoint.Reporting;

/// <summary>Stages, arms and metrics in a reader's words.</summary>
internal static class StageNames
{
    private const string FoldArea = "auc_fold_";
    private const string Sensitivity = "sensitivity_at_specificity_";

    public static string Title(string stage) => stage switch
    {
        "slices" => "Stage 1: slices",
        "masked" => "Stage 2: masked slices",
        "volumes" => "Stage 3: volumes",
        "finetune" => "Fine-tuning",
        "test" => "Test",
        _ => stage,
    };

    public static string Explanation(string stage) => stage switch
    {
        "slices" => "The slice encoder learns to give two views of a slice the same code. Codes are prototypes, groups of similar slices that it finds by itself.",
        "masked" => "The volume encoder sees a volume with some slices hidden, and learns to predict what the slice encoder says about them.",
        "volumes" => "Both encoders learn to give two views of a whole volume the same code.",
        "finetune" => "The network learns the task from labelled cases.",
        _ => "",
    };

    public static string HealthyLoss(string stage) => stage switch
    {
        "slices" or "volumes" =>
            "A healthy curve starts near the dashed line (ln K: what guessing among K prototypes would cost), stays there while the prototypes are frozen, and then falls. One that stays at the line has learned nothing yet; one that drops to zero at once has collapsed.",
        "masked" => "A healthy curve falls quickly at first and then ever more slowly. A flat one has learned nothing.",
        _ => "A healthy curve falls and flattens. If it falls while the validation score gets worse, the network learns its training cases by heart.",
    };

    public static string Arm(string arm) => arm switch
    {
        "pretrained" => "Pre-trained",
        "scratch" => "From scratch",
        _ => arm,
    };

    public static string Metric(string key, IReadOnlyDictionary<int, string> classNames)
    {
        var at = key.IndexOf("_class_", StringComparison.Ordinal);
        if (at > 0 && int.TryParse(key.AsSpan(at + 7), out var label))
            return $"{Metric(key[..at], classNames)}, {(classNames.TryGetValue(label, out var name) ? name : $"class {label}")}";
        return key switch
        {
            "dice" => "Dice",
            "iou" => "IoU",
            "hd95" => "HD95 (mm)",
            "hd95_mm" => "HD95 (mm)",
            "hd95_px" => "HD95 (pixels)",
            "assd" => "ASSD (mm)",
            "assd_mm" => "ASSD (mm)",
            "assd_px" => "ASSD (pixels)",
            "ap50" => "AP50",
            "coco_ap" => "COCO AP",
            "cpm" => "CPM",
            "auc" => "AUC",
            "auc_low" => "AUC, lower end",
            "auc_high" => "AUC, upper end",
            "fold_auc_mean" => "AUC of the folds, mean",
            "fold_auc_std" => "AUC of the folds, standard deviation",
            "accuracy" => "Accuracy",
            "balanced_accuracy" => "Balanced accuracy",
            "recall" => "Recall",
            "cross_entropy" => "Cross-entropy",
            _ when key.StartsWith(FoldArea, StringComparison.Ordinal) => $"AUC of fold {key[FoldArea.Length..]}",
            _ when key.StartsWith(Sensitivity, StringComparison.Ordinal) => $"Sensitivity at specificity {key[Sensitivity.Length..].Replace('_', '.')}",
            _ => key.Replace('_', ' '),
        };
    }
}
