namespace Conjoint.Tasks.Classification;

/// <summary>The scores of a classifier on one split of a store.</summary>
/// <param name="Split"><c>train</c>, <c>val</c> or <c>test</c>, or <c>fold 3</c> where a fold was scored.</param>
/// <param name="Classes">Names of the classes, in the order of the probabilities.</param>
/// <param name="Cases">Every labelled case of the split or fold, by id.</param>
/// <param name="Summary">The cases summed up.</param>
public sealed record ClassificationScores(
    string Split, IReadOnlyList<string> Classes, IReadOnlyList<ClassifiedCase> Cases, ClassificationSummary Summary);
