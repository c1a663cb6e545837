using Conjoint.Tasks.Metrics;

namespace Conjoint.Tasks.Segmentation;

/// <summary>The scores of a segmenter on one split of a store.</summary>
/// <param name="Split"><c>train</c>, <c>val</c> or <c>test</c>.</param>
/// <param name="Cases">Every labelled case of the split, by id.</param>
public sealed record EvaluationResult(string Split, IReadOnlyList<CaseScore> Cases)
{
    /// <summary>The cases summed up.</summary>
    public ScoreSummary Summary { get; } = ScoreSummary.Of(Cases);
}
