namespace Conjoint.Tasks.Metrics;

/// <summary>One point of a ROC curve: what calling every score from a threshold on positive would give.</summary>
/// <param name="Threshold">The smallest score called positive; positive infinity where nothing is.</param>
/// <param name="Sensitivity">Share of the positive cases called positive, in [0, 1].</param>
/// <param name="Specificity">Share of the negative cases called negative, in [0, 1].</param>
public readonly record struct RocPoint(double Threshold, double Sensitivity, double Specificity);
