using System.Globalization;
using Conjoint.Tasks.Metrics;
using Conjoint.Training.Monitoring;

namespace Conjoint.Tasks.Segmentation;

/// <summary>Scores as lines of <c>metrics.jsonl</c>. What is left out of a mean is left out of the line.</summary>
internal static class ScoreLines
{
    /// <summary>The figures of a validation in the middle of training.</summary>
    public static void AddValidation(MetricsLine line, ScoreSummary scores) =>
        line.Add("cases", scores.Cases).Add("dice", scores.Dice.Mean).Add("iou", scores.Iou.Mean);

    /// <summary>One case of a split.</summary>
    public static MetricsLine Case(string split, CaseScore score)
    {
        var line = new MetricsLine("test").Add("split", split).Add("case", score.Case);
        AddScores(line, score.Dice, score.Iou, score.Hd95, score.Assd, score.DistanceUnit);
        AddClasses(line, score.Classes, score.DistanceUnit);
        return line;
    }

    /// <summary>All cases of a split.</summary>
    public static MetricsLine Summary(string split, ScoreSummary scores)
    {
        var line = new MetricsLine("test").Add("split", split).Add("summary", true).Add("cases", scores.Cases);
        AddScores(line, scores.Dice.Mean, scores.Iou.Mean, scores.Hd95.Mean, scores.Assd.Mean, scores.DistanceUnit);
        AddIfThere(line, "dice_std", scores.Dice.Std);
        AddIfThere(line, "iou_std", scores.Iou.Std);
        AddClasses(line, scores.Classes, scores.DistanceUnit);
        return line;
    }

    private static void AddScores(MetricsLine line, double dice, double iou, double hd95, double assd, string unit)
    {
        AddIfThere(line, "dice", dice);
        AddIfThere(line, "iou", iou);
        AddIfThere(line, $"hd95_{unit}", hd95);
        AddIfThere(line, $"assd_{unit}", assd);
    }

    private static void AddClasses(MetricsLine line, IReadOnlyList<ClassScore> classes, string unit)
    {
        foreach (var score in classes)
        {
            var name = score.Label.ToString(CultureInfo.InvariantCulture);
            AddIfThere(line, $"dice_class_{name}", score.Dice);
            AddIfThere(line, $"iou_class_{name}", score.Iou);
            AddIfThere(line, $"hd95_{unit}_class_{name}", score.Hd95);
            AddIfThere(line, $"assd_{unit}_class_{name}", score.Assd);
        }
    }

    private static void AddIfThere(MetricsLine line, string key, double value)
    {
        if (!double.IsNaN(value))
            line.Add(key, value);
    }
}
