using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Metrics;
using Conjoint.Training;

namespace Conjoint.Tasks.Segmentation;

/// <summary>Scores a fine-tuned segmenter on the labelled cases of a store, in 3D and on each case's own stored grid.</summary>
public static class SegmentationEvaluation
{
    /// <summary>Scores every labelled case of a split.</summary>
    /// <param name="model">The folder of a finished fine-tuning run, or its weights.</param>
    /// <param name="store">The store; prepared with the model's window and percentiles.</param>
    /// <param name="split"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <param name="device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <param name="surfaceDistances">Whether HD95 and ASSD are wanted too.</param>
    /// <param name="dataset">The data set whose masks are meant; null: the only one that has masks.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Stops between cases.</param>
    /// <exception cref="InputDataException">No such model, or the split has no labelled case.</exception>
    /// <exception cref="Runtime.ConfigurationException">It is open which data set is meant.</exception>
    public static EvaluationResult Run(
        string model, PreparedStore store, string split = Split.Test, string device = "auto", bool surfaceDistances = true, string? dataset = null,
        IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        observer ??= SilentObserver.Instance;
        var cases = LabelledCases.InSplit(SegmentationCases.Labelled(store, dataset), split);
        if (cases.Count == 0)
            throw new InputDataException(store.Folder, $"no case of the split '{split}' has a mask; expected labelled cases and one of {string.Join(", ", Split.All)}.");

        using var segmenter = Segmenter.Open(model, device);
        WarnOfDifferences(segmenter, store, cases, observer);
        foreach (var overlap in split == Split.Train ? [] : TrainingContent.Overlaps(model, cases, store.Folder))
            observer.Warn(overlap);
        var scores = new List<CaseScore>();
        foreach (var storeCase in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            scores.Add(ScoredCase.Of(segmenter, store, storeCase, surfaceDistances).Score);
            observer.Log(FormattableString.Invariant($"{storeCase.Id}: Dice {scores[^1].Dice:0.000}, IoU {scores[^1].Iou:0.000} ({scores.Count} of {cases.Count})"));
        }

        return new EvaluationResult(split, scores);
    }

    private static void WarnOfDifferences(Segmenter segmenter, PreparedStore store, IReadOnlyList<StoreCase> cases, IRunObserver observer)
    {
        var strange = cases.SelectMany(c => c.MaskLabels).Except(segmenter.Labels).Order().ToArray();
        if (strange.Length > 0)
            observer.Warn($"The masks hold {string.Join(", ", strange)}, which the model doesn't know: they count as background.");
        if (Scaling.Of(store) != Scaling.Of(segmenter.Input))
            observer.Warn("The store was prepared with another normalisation, window, percentiles or grid than the model learned with; prepare it again with the same ones.");
    }
}
