using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Segmentation;

/// <summary>Which labelled cases of a store a fine-tuning learns from, chooses by, and is scored on.</summary>
/// <param name="Train">Cases of the drawn training subjects.</param>
/// <param name="Validation">Labelled validation cases; may be empty.</param>
/// <param name="Test">Labelled test cases; may be empty.</param>
/// <param name="Map">The foreground labels of the whole data set, so that every draw has the same classes.</param>
public sealed record SegmentationCases(
    IReadOnlyList<StoreCase> Train, IReadOnlyList<StoreCase> Validation, IReadOnlyList<StoreCase> Test, ClassMap Map)
    : LabelledCases(Train, Validation, Test)
{
    /// <summary>Selects the cases; each list is ordered by id.</summary>
    /// <param name="store">The store.</param>
    /// <param name="labels">How many labelled training subjects may be used.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="dataset">The data set whose masks are meant; null: the only one that has masks.</param>
    /// <exception cref="InputDataException">No training case has a mask, or the masks hold no foreground.</exception>
    /// <exception cref="ConfigurationException">More subjects are asked for than there are, or it is open which data set is meant.</exception>
    public static SegmentationCases Select(PreparedStore store, LabelBudget labels, long seed, string? dataset = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(labels);
        var cases = Labelled(store, dataset);
        var train = InSplit(cases, Split.Train);
        if (train.Count == 0)
            throw new InputDataException(store.Folder, "no case of the training split has a mask; expected labelled cases to learn a segmentation from.");
        int[] classes = [.. cases.SelectMany(c => c.MaskLabels).Distinct().Order()];
        if (classes.Length == 0)
            throw new InputDataException(store.Folder, "the masks hold nothing but background; expected at least one foreground label.");
        var drawn = labels.Draw(train.Select(c => c.Subject), seed);
        return new SegmentationCases(
            [.. train.Where(c => drawn.Contains(c.Subject))],
            InSplit(cases, Split.Validation),
            InSplit(cases, Split.Test),
            new ClassMap(classes, IsLayered(store, cases)));
    }

    /// <summary>Takes the cases that were named; there is nothing to validate on.</summary>
    /// <param name="store">The store that they are of.</param>
    /// <param name="split">Who to learn from and to be scored on.</param>
    /// <param name="dataset">The data set whose masks are meant; null: the only one that has masks.</param>
    /// <exception cref="ArgumentException">A case has no mask or is of another store or data set, or no case is left to learn from.</exception>
    public static SegmentationCases Of(PreparedStore store, LabelledSplit split, string? dataset = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(split);
        var labelled = Labelled(store, dataset);
        if (split.Train.Count == 0)
            throw new ArgumentException("The split has no case to learn from.", nameof(split));
        if (split.Train.Concat(split.Test).FirstOrDefault(c => !labelled.Contains(c)) is { } strange)
            throw new ArgumentException($"'{strange.Id}' is no labelled case of {store.Folder}.", nameof(split));
        return new SegmentationCases(split.Train, [], split.Test, new ClassMap([.. labelled.SelectMany(c => c.MaskLabels).Distinct().Order()], IsLayered(store, labelled)));
    }

    /// <summary>Whether the masks' structures may overlap.</summary>
    private static bool IsLayered(PreparedStore store, IReadOnlyList<StoreCase> cases) => cases.Select(c => c.HasLayers).Distinct().Count() == 1
        ? cases[0].HasLayers
        : throw new InputDataException(store.Folder, $"the structures of some masks may overlap ({cases.First(c => c.HasLayers).Id}), those of others not ({cases.First(c => !c.HasLayers).Id}); expected masks of one sort.");

    /// <summary>The cases of one data set that have a mask, by id.</summary>
    /// <exception cref="ConfigurationException">Several data sets have masks and none is named, or the named one has none.</exception>
    internal static IReadOnlyList<StoreCase> Labelled(PreparedStore store, string? dataset) =>
        Find(store, dataset, c => c.HasMask, "masks");
}
