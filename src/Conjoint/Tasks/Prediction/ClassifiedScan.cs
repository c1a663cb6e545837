namespace Conjoint.Tasks.Prediction;

/// <summary>What a classifier says about one scan.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Source">The file or folder, beginning with the name of what the user named.</param>
/// <param name="Kind"><c>volume</c> or <c>image</c>.</param>
/// <param name="Predicted">The class with the largest probability.</param>
/// <param name="Probabilities">Every class of the model; they sum to 1.</param>
/// <param name="Warnings">What a reader should know, one sentence each.</param>
public sealed record ClassifiedScan(
    string Id, string Source, string Kind, string Predicted, IReadOnlyList<ClassProbability> Probabilities, IReadOnlyList<string> Warnings);

/// <summary>How likely one class is.</summary>
/// <param name="Class">The class's name.</param>
/// <param name="Probability">In [0, 1].</param>
public sealed record ClassProbability(string Class, double Probability);
