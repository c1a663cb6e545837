using System.Globalization;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Classification;

/// <summary>Which cases with a class a fine-tuning learns from, chooses by, and is scored on.</summary>
/// <param name="Train">Cases of the drawn training subjects.</param>
/// <param name="Validation">Labelled validation cases; may be empty.</param>
/// <param name="Test">Labelled test cases; may be empty.</param>
/// <param name="Classes">Names of the classes of the whole data set, in the store's order, so that every draw has the same.</param>
public sealed record ClassificationCases(
    IReadOnlyList<StoreCase> Train, IReadOnlyList<StoreCase> Validation, IReadOnlyList<StoreCase> Test, IReadOnlyList<string> Classes)
    : LabelledCases(Train, Validation, Test)
{
    /// <summary>Selects the cases; each list is ordered by id.</summary>
    /// <param name="store">The store.</param>
    /// <param name="labels">How many labelled training subjects may be used.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="dataset">The data set whose classes are meant; null: the only one that has classes.</param>
    /// <exception cref="InputDataException">No training case has a class, or there are fewer than two classes.</exception>
    /// <exception cref="ConfigurationException">
    /// More subjects are asked for than there are, the drawn ones are all of one class, or it is open which data set is meant.
    /// </exception>
    public static ClassificationCases Select(PreparedStore store, LabelBudget labels, long seed, string? dataset = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        return Select(store, labels, seed, Labelled(store, dataset));
    }

    /// <summary>Selects the cases as settings say: whole cases or cubes around candidates, by the store's splits or by its folds.</summary>
    /// <exception cref="InputDataException">As above.</exception>
    /// <exception cref="ConfigurationException">As above, or the store has no such fold.</exception>
    internal static ClassificationCases Select(PreparedStore store, ClassificationSettings settings)
    {
        var cases = Labelled(store, settings.Dataset, settings.CubeMm);
        if (settings.Fold is { } fold)
            cases = CaseFolds.Divide(cases, fold, store.Folder);
        var selected = Select(store, LabelBudget.Parse(settings.Labels), settings.Seed, cases);
        return settings is { CubeMm: not null, CandidateRatio: { } ratio }
            ? selected with
            {
                Train = RareClasses.Thin(selected.Train, ratio, settings.Seed),
                Validation = RareClasses.Thin(selected.Validation, ratio, settings.Seed),
            }
            : selected;
    }

    private static ClassificationCases Select(PreparedStore store, LabelBudget labels, long seed, IReadOnlyList<StoreCase> cases)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var train = InSplit(cases, Split.Train);
        if (train.Count == 0)
            throw new InputDataException(store.Folder, "no case of the training split has a class; expected labelled cases to learn a classification from, such as a column 'label' in the index.csv that the store is prepared from.");
        var classes = ClassesOf(store, cases);
        if (classes.Length < 2)
            throw new InputDataException(store.Folder, $"every labelled case is of class '{classes[0]}'; expected at least two classes.");
        if (ClassesOf(store, train) is [var all])
            throw new InputDataException(store.Folder, $"every labelled case of the training split is of class '{all}'; expected at least two classes to learn from.");

        var drawn = labels.Draw(train.Select(c => c.Subject), seed);
        StoreCase[] chosen = [.. train.Where(c => drawn.Contains(c.Subject))];
        if (ClassesOf(store, chosen) is [var only])
            throw new ConfigurationException($"labels: the {drawn.Count} drawn subjects ({chosen.Length} cases) are all of class '{only}'; expected at least two classes: allow more subjects, or draw with another seed.");
        return new ClassificationCases(chosen, InSplit(cases, Split.Validation), InSplit(cases, Split.Test), classes);
    }

    /// <summary>Takes the cases that were named, one of ten folds for one; there is nothing to validate on.</summary>
    /// <param name="store">The store that they are of.</param>
    /// <param name="split">Who to learn from and to be scored on.</param>
    /// <param name="dataset">The data set whose classes are meant; null: the only one that has classes.</param>
    /// <exception cref="ArgumentException">A case has no class or is of another store or data set, or fewer than two classes are left to learn from.</exception>
    public static ClassificationCases Of(PreparedStore store, LabelledSplit split, string? dataset = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(split);
        var labelled = Labelled(store, dataset);
        if (split.Train.Concat(split.Test).FirstOrDefault(c => !labelled.Contains(c)) is { } strange)
            throw new ArgumentException($"'{strange.Id}' is no labelled case of {store.Folder}.", nameof(split));
        if (ClassesOf(store, split.Train).Length < 2)
            throw new ArgumentException("The split has fewer than two classes to learn from.", nameof(split));
        return new ClassificationCases(split.Train, [], split.Test, ClassesOf(store, labelled));
    }

    /// <summary>The cases of one data set that have a class, by id.</summary>
    /// <exception cref="ConfigurationException">Several data sets have classes and none is named, or the named one has none.</exception>
    /// <exception cref="InputDataException">A list of candidates is missing or damaged.</exception>
    internal static IReadOnlyList<StoreCase> Labelled(PreparedStore store, string? dataset, double? cubeMm = null) => cubeMm is { } edge
        ? [.. Find(store, dataset, c => c.CandidatesFile is not null, "candidates").SelectMany(c => CandidateCube.Of(store, c, edge))]
        : Find(store, dataset, c => c.Label is not null, "classes");

    /// <summary>The name of a labelled case's class.</summary>
    /// <exception cref="InputDataException">The manifest has no name for it.</exception>
    internal static string ClassOf(PreparedStore store, StoreCase storeCase) =>
        storeCase is { Cube: not null, Label: { } candidate } ? candidate.ToString(CultureInfo.InvariantCulture)
        : storeCase.Label is { } label && label >= 0 && label < store.ClassNames.Count
        ? store.ClassNames[label]
        : throw new InputDataException(
            Path.Combine(store.Folder, PreparedStore.ManifestFile), $"case {storeCase.Id} has label {storeCase.Label}, but there are {store.ClassNames.Count} class names; run 'conjoint prepare' again to mend the store.");

    /// <summary>The true class of a labelled case by its place among a model's; −1 where the model doesn't know it.</summary>
    internal static int TruthOf(PreparedStore store, StoreCase storeCase, IReadOnlyList<string> classes)
    {
        var name = ClassOf(store, storeCase);
        var place = classes.TakeWhile(c => c != name).Count();
        return place < classes.Count ? place : -1;
    }

    private static string[] ClassesOf(PreparedStore store, IReadOnlyList<StoreCase> cases)
    {
        if (cases is [{ Cube: not null }, ..])
            return [.. cases.Select(c => c.Label!.Value).Distinct().Order().Select(label => label.ToString(CultureInfo.InvariantCulture))];
        var there = cases.Select(c => ClassOf(store, c)).ToHashSet(StringComparer.Ordinal);
        return [.. store.ClassNames.Distinct(StringComparer.Ordinal).Where(there.Contains)];
    }
}
