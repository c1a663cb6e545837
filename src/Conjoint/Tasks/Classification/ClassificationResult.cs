namespace Conjoint.Tasks.Classification;

/// <summary>What a fine-tuning came to.</summary>
/// <param name="LearningRate">The rate that was given, or the chosen one.</param>
/// <param name="Step">After how many steps the kept weights were taken.</param>
/// <param name="ValidationAuc">Area under the ROC curve of the kept weights on validation; NaN where there was none.</param>
/// <param name="TrainSubjects">Labelled subjects that it learned from.</param>
/// <param name="TrainCases">Their cases.</param>
/// <param name="Classes">Names of the classes, in the order of the probabilities.</param>
/// <param name="Test">Every labelled test case; empty where there is none.</param>
/// <param name="Summary">The test scores summed up.</param>
public sealed record ClassificationResult(
    double LearningRate, long Step, double ValidationAuc, int TrainSubjects, int TrainCases, IReadOnlyList<string> Classes,
    IReadOnlyList<ClassifiedCase> Test, ClassificationSummary Summary);
