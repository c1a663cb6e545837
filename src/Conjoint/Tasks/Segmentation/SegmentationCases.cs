using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Tasks.Segmentation;

/// <summary>Which labelled cases of a store a fine-tuning learns from, chooses by, and is scored on.</summary>
/// <param name="Train">Cases of the drawn training subjects.</param>
/// <param name="Validation">Labelled validation cases; may be empty.</param>
/// <param name="Test">Labelled test cases; may be empty.</param>
/// <param name="Map">The foreground labels of the whole store, so that every draw has the same classes.</param>
public sealed record SegmentationCases(
    IReadOnlyList<StoreCase> Train, IReadOnlyList<StoreCase> Validation, IReadOnlyList<StoreCase> Test, ClassMap Map)
{
    /// <summary>Training slices.</summary>
    public int TrainSlices => Train.Sum(c => c.Slices);

    /// <summary>Drawn training subjects.</summary>
    public int TrainSubjects => Train.Select(c => c.Subject).Distinct().Count();

    /// <summary>Selects the cases; each list is ordered by id.</summary>
    /// <param name="store">The store.</param>
    /// <param name="labels">How many labelled training subjects may be used.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="InputDataException">No training case has a mask, or the masks hold no foreground.</exception>
    /// <exception cref="ConfigurationException">More subjects are asked for than there are.</exception>
    public static SegmentationCases Select(PreparedStore store, LabelBudget labels, long seed)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(labels);
        var train = Labelled(store, Split.Train);
        if (train.Count == 0)
            throw new InputDataException(store.Folder, "no case of the training split has a mask; expected labelled cases to learn a segmentation from.");
        if (store.MaskClasses.Count == 0)
            throw new InputDataException(store.Folder, "the masks hold nothing but background; expected at least one foreground label.");
        var drawn = labels.Draw(train.Select(c => c.Subject), seed);
        return new SegmentationCases(
            [.. train.Where(c => drawn.Contains(c.Subject))],
            Labelled(store, Split.Validation),
            Labelled(store, Split.Test),
            new ClassMap(store.MaskClasses));
    }

    /// <summary>The cases of a split that have a mask, by id.</summary>
    internal static IReadOnlyList<StoreCase> Labelled(PreparedStore store, string split) =>
        [.. store.Cases.Where(c => c.HasMask && c.Split == split).OrderBy(c => c.Id, StringComparer.Ordinal)];
}
