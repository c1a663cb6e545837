using Conjoint.Training.Monitoring;

namespace Conjoint.Tasks.Probing;

/// <summary>Scores of probes as lines of <c>metrics.jsonl</c>. What doesn't exist is left out.</summary>
internal static class ProbeLines
{
    /// <summary>The stage of these lines.</summary>
    public const string Stage = "probe";

    /// <summary>One test case.</summary>
    public static MetricsLine Case(string split, ProbeScore score, ProbedCase probed, bool isClasses)
    {
        var line = Begin(split, score).Add("case", probed.Case);
        if (!isClasses)
            return line.Add("truth", probed.Truth).Add("told", probed.Scores[0]);
        line.Add("truth", (long)probed.Truth);
        for (var k = 0; k < probed.Scores.Count; k++)
            line.Add(FormattableString.Invariant($"score_class_{k}"), probed.Scores[k]);
        return line;
    }

    /// <summary>All test cases.</summary>
    public static MetricsLine Summary(string split, ProbeScore score)
    {
        var line = Begin(split, score).Add("summary", true).Add("cases", (long)score.Cases.Count).Add("width", (long)score.Width);
        if (score.Strength is { } strength)
            line.Add("strength", strength);
        if (score.Neighbours is { } neighbours)
            line.Add("neighbours", (long)neighbours);
        foreach (var (key, value) in new[]
        {
            ("auc", score.Auc), ("auc_low", score.AucLow), ("auc_high", score.AucHigh),
            ("over_untrained", score.OverUntrained), ("over_untrained_low", score.OverUntrainedLow), ("over_untrained_high", score.OverUntrainedHigh),
            ("accuracy", score.Accuracy), ("balanced_accuracy", score.BalancedAccuracy),
            ("pearson", score.Pearson), ("mean_absolute_error", score.MeanAbsoluteError), ("r2", score.R2),
        })
        {
            if (!double.IsNaN(value))
                line.Add(key, value);
        }

        return line;
    }

    private static MetricsLine Begin(string split, ProbeScore score) => new MetricsLine(Stage).Add("split", split).Add("features", score.Features).Add("probe", score.Probe);
}
