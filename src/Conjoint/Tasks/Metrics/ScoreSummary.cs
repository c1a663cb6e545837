namespace Conjoint.Tasks.Metrics;

/// <summary>The scores of a set of cases: mean over classes, then over cases.</summary>
/// <param name="Cases">How many cases have a score: those in which at least one class occurs.</param>
/// <param name="Dice">Over cases.</param>
/// <param name="Iou">Over cases.</param>
/// <param name="Hd95">Over cases, in mm.</param>
/// <param name="Assd">Over cases, in mm.</param>
/// <param name="Classes">Mean over the cases in which the class occurs, one entry a class.</param>
public sealed record ScoreSummary(int Cases, MeanStd Dice, MeanStd Iou, MeanStd Hd95, MeanStd Assd, IReadOnlyList<ClassScore> Classes)
{
    /// <summary>Sums up cases that have the same classes.</summary>
    /// <param name="cases">The cases; may be empty, then every mean is NaN.</param>
    public static ScoreSummary Of(IReadOnlyList<CaseScore> cases)
    {
        ArgumentNullException.ThrowIfNull(cases);
        var labels = cases.Count == 0 ? [] : cases[0].Classes.Select(c => c.Label).ToArray();
        var classes = labels.Select((label, k) => new ClassScore(
            label,
            Mean(cases, k, c => c.Dice),
            Mean(cases, k, c => c.Iou),
            Mean(cases, k, c => c.Hd95),
            Mean(cases, k, c => c.Assd)));
        var dice = MeanStd.Of(cases.Select(c => c.Dice));
        return new ScoreSummary(
            dice.Count,
            dice,
            MeanStd.Of(cases.Select(c => c.Iou)),
            MeanStd.Of(cases.Select(c => c.Hd95)),
            MeanStd.Of(cases.Select(c => c.Assd)),
            [.. classes]);
    }

    private static double Mean(IReadOnlyList<CaseScore> cases, int k, Func<ClassScore, double> value) =>
        MeanStd.Of(cases.Select(c => value(c.Classes[k]))).Mean;
}
