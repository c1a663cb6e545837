using System.Globalization;
using Conjoint.Training.Monitoring;

namespace Conjoint.Tasks.Classification;

/// <summary>Scores as lines of <c>metrics.jsonl</c>. What a set of cases can't tell is left out of the line.</summary>
internal static class ClassificationLines
{
    /// <summary>One case of a split.</summary>
    public static MetricsLine Case(string split, ClassifiedCase score)
    {
        var line = new MetricsLine("test").Add("split", split).Add("case", score.Case).Add("truth", (long)score.Truth).Add("predicted", (long)score.Predicted);
        for (var k = 0; k < score.Probabilities.Count; k++)
            line.Add(FormattableString.Invariant($"probability_class_{k}"), score.Probabilities[k]);
        return line;
    }

    /// <summary>All cases of a split.</summary>
    public static MetricsLine Summary(string split, ClassificationSummary summary, int positive)
    {
        var line = new MetricsLine("test").Add("split", split).Add("summary", true);
        if (summary.Classes.Count == 2)
            line.Add("positive", (long)positive);
        Add(line, summary);
        AddIfThere(line, "auc_low", summary.AucLow);
        AddIfThere(line, "auc_high", summary.AucHigh);
        AddIfThere(line, "balanced_accuracy", summary.BalancedAccuracy);
        foreach (var (specificity, sensitivity) in summary.Sensitivities)
            AddIfThere(line, SensitivityKey(specificity), sensitivity);
        for (var k = 0; k < summary.Classes.Count; k++)
        {
            var number = k.ToString(CultureInfo.InvariantCulture);
            line.Add($"cases_class_{number}", (long)summary.Classes[k].Cases);
            AddIfThere(line, $"recall_class_{number}", summary.Classes[k].Recall);
            AddIfThere(line, $"auc_class_{number}", summary.Classes[k].Auc);
        }

        return line;
    }

    /// <summary>All cases of all folds.</summary>
    public static MetricsLine Pooled(FoldedClassificationResult result, int positive)
    {
        var line = Summary(Data.Split.Test, result.Summary, positive);
        AddIfThere(line, "fold_auc_mean", result.AucMean);
        AddIfThere(line, "fold_auc_std", result.AucStd);
        foreach (var fold in result.Folds)
            AddIfThere(line, FormattableString.Invariant($"auc_fold_{fold.Fold}"), fold.Auc);
        return line;
    }

    /// <summary>The figures that a validation has too.</summary>
    public static void Add(MetricsLine line, ClassificationSummary summary)
    {
        line.Add("cases", (long)summary.Cases);
        AddIfThere(line, "auc", summary.Auc);
        AddIfThere(line, "accuracy", summary.Accuracy);
        AddIfThere(line, "cross_entropy", summary.CrossEntropy);
    }

    /// <summary>0.9 gives <c>sensitivity_at_specificity_0_9</c>.</summary>
    private static string SensitivityKey(double specificity) =>
        "sensitivity_at_specificity_" + specificity.ToString("0.################", CultureInfo.InvariantCulture).Replace('.', '_');

    private static void AddIfThere(MetricsLine line, string key, double value)
    {
        if (!double.IsNaN(value))
            line.Add(key, value);
    }
}
