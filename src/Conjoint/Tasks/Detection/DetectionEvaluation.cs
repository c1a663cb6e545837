using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;

namespace Conjoint.Tasks.Detection;

/// <summary>Scores a fine-tuned detector on the labelled images of a store; classes are matched by their names.</summary>
public static class DetectionEvaluation
{
    /// <summary>Scores every labelled image of a split.</summary>
    /// <param name="model">The folder of a finished fine-tuning run, or its weights.</param>
    /// <param name="store">The store; prepared with the model's window and percentiles.</param>
    /// <param name="split"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <param name="dataset">The data set whose boxes are meant; null: the only one that has boxes.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Stops between images.</param>
    /// <exception cref="InputDataException">No such model, or the split has no labelled image.</exception>
    /// <exception cref="Runtime.ConfigurationException">It is open which data set is meant.</exception>
    public static DetectionEvaluationResult Run(
        string model, PreparedStore store, string split = Split.Test, string? dataset = null, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        observer ??= SilentObserver.Instance;
        var cases = LabelledCases.InSplit(DetectionCases.Labelled(store, dataset), split);
        if (cases.Count == 0)
            throw new InputDataException(store.Folder, $"no image of the split '{split}' has boxes; expected labelled images and one of {string.Join(", ", Split.All)}.");

        using var detector = BoxDetector.Open(model);
        WarnOfDifferences(detector, store, cases, observer);
        foreach (var overlap in split == Split.Train ? [] : TrainingContent.Overlaps(model, cases, store.Folder))
            observer.Warn(overlap);
        var found = new List<DetectedCase>();
        foreach (var storeCase in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            found.Add(new DetectedCase(storeCase.Id, storeCase.Boxes, detector.Detect(store, storeCase)));
            observer.Log(FormattableString.Invariant($"{storeCase.Id}: {found[^1].Found.Count} found, {storeCase.Boxes.Count} there ({found.Count} of {cases.Count})"));
        }

        return new DetectionEvaluationResult(split, detector.Classes, found, DetectionSummary.Of(found, detector.Classes));
    }

    private static void WarnOfDifferences(BoxDetector detector, PreparedStore store, IReadOnlyList<StoreCase> cases, IRunObserver observer)
    {
        var strange = cases.SelectMany(c => c.Boxes).Select(b => b.Class).Except(detector.Classes, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (strange.Length > 0)
            observer.Warn($"There are boxes of {string.Join(", ", strange)}, which the model doesn't know: they don't count.");
        if (Scaling.Of(store) != Scaling.Of(detector.Input))
            observer.Warn("The store was prepared with another normalisation, window, percentiles or grid than the model learned with; prepare it again with the same ones.");
    }
}

/// <summary>Scores of a detector on a split.</summary>
/// <param name="Split">The split.</param>
/// <param name="Classes">Names of the model's classes.</param>
/// <param name="Cases">Every labelled image of it, with what was found.</param>
/// <param name="Summary">Summed up.</param>
public sealed record DetectionEvaluationResult(string Split, IReadOnlyList<string> Classes, IReadOnlyList<DetectedCase> Cases, DetectionSummary Summary);
