using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;

namespace Conjoint.Tasks.Classification;

/// <summary>Scores a fine-tuned classifier on the labelled cases of a store; classes are matched by their names.</summary>
public static class ClassificationEvaluation
{
    /// <summary>Scores every labelled case of a split.</summary>
    /// <param name="model">The folder of a finished fine-tuning run, or its weights.</param>
    /// <param name="store">The store; prepared with the model's window and percentiles.</param>
    /// <param name="split"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <param name="device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <param name="dataset">The data set whose classes are meant; null: the only one that has classes.</param>
    /// <param name="fold">Scores the cases of this fold, in place of a split's.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Stops between cases.</param>
    /// <exception cref="InputDataException">No such model, or the split has no labelled case of a class that the model knows.</exception>
    /// <exception cref="Runtime.ConfigurationException">It is open which data set is meant, or the store has no such fold.</exception>
    public static ClassificationScores Run(
        string model, PreparedStore store, string split = Split.Test, string device = "auto", string? dataset = null, int? fold = null,
        IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        observer ??= SilentObserver.Instance;
        using var classifier = Classifier.Open(model, device);
        var labelled = ClassificationCases.Labelled(store, dataset, classifier.Settings.CubeMm);
        var cases = fold is { } number ? CaseFolds.Of(labelled, number, store.Folder) : LabelledCases.InSplit(labelled, split);
        if (cases.Count == 0)
            throw new InputDataException(store.Folder, $"no case of the split '{split}' has a class; expected labelled cases and one of {string.Join(", ", Split.All)}.");

        var known = Known(classifier, store, cases, observer);
        var scores = new List<ClassifiedCase>();
        foreach (var storeCase in known)
        {
            cancellation.ThrowIfCancellationRequested();
            var truth = ClassificationCases.ClassOf(store, storeCase);
            scores.Add(new ClassifiedCase(storeCase.Id, ClassificationCases.TruthOf(store, storeCase, classifier.Classes), classifier.Classify(store, storeCase)));
            observer.Log(FormattableString.Invariant(
                $"{storeCase.Id}: class {classifier.Classes[scores[^1].Predicted]} with {scores[^1].Probabilities.Max():0.000}, in truth {truth} ({scores.Count} of {known.Count})"));
        }

        return new ClassificationScores(fold is { } scored ? FormattableString.Invariant($"fold {scored}") : split, classifier.Classes, scores, ClassificationSummary.Of(scores, classifier.Settings));
    }

    private static List<StoreCase> Known(Classifier classifier, PreparedStore store, IReadOnlyList<StoreCase> cases, IRunObserver observer)
    {
        if (Scaling.Of(store) != Scaling.Of(classifier.Input))
            observer.Warn("The store was prepared with another window or other percentiles than the model learned with; prepare it again with the same ones.");
        string[] strange = [.. cases.Select(c => ClassificationCases.ClassOf(store, c)).Distinct().Where(name => !classifier.Classes.Contains(name))];
        var known = cases.Where(c => !strange.Contains(ClassificationCases.ClassOf(store, c))).ToList();
        if (known.Count == 0)
            throw new InputDataException(store.Folder, $"its classes {string.Join(", ", strange)} are none of the model's; expected {string.Join(", ", classifier.Classes)}.");
        if (strange.Length > 0)
            observer.Warn($"The store has the classes {string.Join(", ", strange)}, which the model doesn't know: {cases.Count - known.Count} cases are left out.");
        return known;
    }
}
