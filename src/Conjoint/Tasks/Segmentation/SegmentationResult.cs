using Conjoint.Tasks.Metrics;

namespace Conjoint.Tasks.Segmentation;

/// <summary>What a fine-tuning came to.</summary>
/// <param name="LearningRate">The rate that was given, or the chosen one.</param>
/// <param name="Step">After how many steps the kept weights were taken.</param>
/// <param name="ValidationDice">Mean Dice of the kept weights on validation; NaN where there was none.</param>
/// <param name="TrainSubjects">Labelled subjects that it learned from.</param>
/// <param name="TrainSlices">Their slices.</param>
/// <param name="Test">Every labelled test case; empty where there is none.</param>
public sealed record SegmentationResult(
    double LearningRate, long Step, double ValidationDice, int TrainSubjects, int TrainSlices, IReadOnlyList<CaseScore> Test)
{
    /// <summary>The test scores summed up.</summary>
    public ScoreSummary Summary { get; } = ScoreSummary.Of(Test);
}
