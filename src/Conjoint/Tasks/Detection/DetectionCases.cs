using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Detection;

/// <summary>Which images with boxes a fine-tuning learns from, chooses by, and is scored on.</summary>
/// <param name="Train">Images of the drawn training subjects; some may have no box.</param>
/// <param name="Validation">Labelled validation images; may be empty.</param>
/// <param name="Test">Labelled test images; may be empty.</param>
/// <param name="Classes">Names of the classes of the whole data set, so that every draw has the same.</param>
public sealed record DetectionCases(
    IReadOnlyList<StoreCase> Train, IReadOnlyList<StoreCase> Validation, IReadOnlyList<StoreCase> Test, IReadOnlyList<string> Classes)
    : LabelledCases(Train, Validation, Test)
{
    /// <summary>Selects the images; each list is ordered by id.</summary>
    /// <param name="store">The store.</param>
    /// <param name="labels">How many labelled training subjects may be used.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="dataset">The data set whose boxes are meant; null: the only one that has boxes.</param>
    /// <exception cref="InputDataException">No training image has a table of boxes, or none of them a box.</exception>
    /// <exception cref="ConfigurationException">More subjects are asked for than there are, or it is open which data set is meant.</exception>
    public static DetectionCases Select(PreparedStore store, LabelBudget labels, long seed, string? dataset = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(labels);
        var cases = Labelled(store, dataset);
        var train = InSplit(cases, Split.Train);
        if (train.Count == 0)
            throw new InputDataException(store.Folder, "no image of the training split has boxes; expected labelled images to learn a detection from, such as a boxes.csv beside the images that the store is prepared from.");
        var drawn = labels.Draw(train.Select(c => c.Subject), seed);
        StoreCase[] chosen = [.. train.Where(c => drawn.Contains(c.Subject))];
        if (chosen.All(c => c.Boxes.Count == 0))
            throw new InputDataException(store.Folder, $"the {chosen.Length} labelled training images have no box among them; expected some to learn from.");
        return new DetectionCases(chosen, InSplit(cases, Split.Validation), InSplit(cases, Split.Test), ClassesOf(cases));
    }

    /// <summary>The images of one data set that have a table of boxes, by id.</summary>
    /// <exception cref="ConfigurationException">Several data sets have boxes and none is named, or the named one has none.</exception>
    internal static IReadOnlyList<StoreCase> Labelled(PreparedStore store, string? dataset) => Find(store, dataset, c => c.HasBoxes && c.Slices == 1, "boxes");

    private static string[] ClassesOf(IReadOnlyList<StoreCase> cases) => [.. cases.SelectMany(c => c.Boxes).Select(b => b.Class).Distinct().Order(StringComparer.Ordinal)];
}
