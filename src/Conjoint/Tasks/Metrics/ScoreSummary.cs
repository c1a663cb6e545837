namespace Conjoint.Tasks.Metrics;

/// <summary>The scores of a set of cases: mean over classes, then over cases.</summary>
/// <param name="Cases">How many cases have a score: those in which at least one class occurs.</param>
/// <param name="Dice">Over cases.</param>
/// <param name="Iou">Over cases.</param>
/// <param name="Hd95">Over cases, in <see cref="DistanceUnit"/>; no mean where some cases are in mm and others in pixels.</param>
/// <param name="Assd">Over cases, likewise.</param>
/// <param name="Classes">Mean over the cases in which the class occurs, one entry a class.</param>
public sealed record ScoreSummary(int Cases, MeanStd Dice, MeanStd Iou, MeanStd Hd95, MeanStd Assd, IReadOnlyList<ClassScore> Classes)
{
    /// <summary>What distances are in: <c>mm</c>, or <c>px</c> where the sources state no voxel size.</summary>
    public string DistanceUnit { get; init; } = "mm";

    /// <summary>Sums up cases that have the same classes.</summary>
    /// <param name="cases">The cases; may be empty, then every mean is NaN.</param>
    public static ScoreSummary Of(IReadOnlyList<CaseScore> cases)
    {
        ArgumentNullException.ThrowIfNull(cases);
        string[] units = [.. cases.Select(c => c.DistanceUnit).Distinct()];
        double Distance(double value) => units.Length > 1 ? double.NaN : value;
        var labels = cases.Count == 0 ? [] : cases[0].Classes.Select(c => c.Label).ToArray();
        var classes = labels.Select((label, k) => new ClassScore(
            label,
            Mean(cases, k, c => c.Dice),
            Mean(cases, k, c => c.Iou),
            Distance(Mean(cases, k, c => c.Hd95)),
            Distance(Mean(cases, k, c => c.Assd))));
        var dice = MeanStd.Of(cases.Select(c => c.Dice));
        return new ScoreSummary(
            dice.Count,
            dice,
            MeanStd.Of(cases.Select(c => c.Iou)),
            MeanStd.Of(cases.Select(c => Distance(c.Hd95))),
            MeanStd.Of(cases.Select(c => Distance(c.Assd))),
            [.. classes])
        {
            DistanceUnit = units.Length == 1 ? units[0] : "mm",
        };
    }

    private static double Mean(IReadOnlyList<CaseScore> cases, int k, Func<ClassScore, double> value) =>
        MeanStd.Of(cases.Select(c => value(c.Classes[k]))).Mean;
}
