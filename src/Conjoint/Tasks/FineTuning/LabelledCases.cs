using Conjoint.Data;
using Conjoint.Runtime;

namespace Conjoint.Tasks.FineTuning;

/// <summary>The cases of a store that are labelled for a task.</summary>
/// <param name="Train">Cases to learn from.</param>
/// <param name="Validation">Cases to choose by; may be empty.</param>
/// <param name="Test">Cases to be scored on; may be empty.</param>
public record LabelledCases(IReadOnlyList<StoreCase> Train, IReadOnlyList<StoreCase> Validation, IReadOnlyList<StoreCase> Test)
{
    /// <summary>All of them.</summary>
    public IEnumerable<StoreCase> All => Train.Concat(Validation).Concat(Test);

    /// <summary>Training slices.</summary>
    public int TrainSlices => Train.Sum(c => c.Slices);

    /// <summary>Training subjects.</summary>
    public int TrainSubjects => Train.Select(c => c.Subject).Distinct().Count();

    /// <summary>The labelled cases of one data set, by id: label 1 of another may be something else altogether.</summary>
    /// <param name="store">The store.</param>
    /// <param name="dataset">The data set that is meant; null: the only one with labels.</param>
    /// <param name="isLabelled">Whether a case has what the task learns from.</param>
    /// <param name="labels">What that is, in the plural: <c>masks</c>.</param>
    /// <exception cref="ConfigurationException">Several data sets have labels and none is named, or the named one has none.</exception>
    internal static IReadOnlyList<StoreCase> Find(PreparedStore store, string? dataset, Func<StoreCase, bool> isLabelled, string labels)
    {
        var all = store.Cases.Where(isLabelled).OrderBy(c => c.Id, StringComparer.Ordinal).ToList();
        string[] names = [.. all.Select(c => c.Dataset).Distinct().Order(StringComparer.Ordinal)];
        if (dataset is null && names.Length > 1)
            throw new ConfigurationException($"dataset: {store.Folder} holds {labels} of several data sets, whose labels may mean different things; choose one with --dataset: {string.Join(", ", names)}.");
        if (dataset is not null && !names.Contains(dataset))
            throw new ConfigurationException($"dataset: received '{dataset}'; {store.Folder} has {labels} of {(names.Length == 0 ? "no data set" : string.Join(", ", names))}.");
        return dataset is null ? all : [.. all.Where(c => c.Dataset == dataset)];
    }

    /// <summary>Those of a split.</summary>
    internal static IReadOnlyList<StoreCase> InSplit(IReadOnlyList<StoreCase> cases, string split) => [.. cases.Where(c => c.Split == split)];
}
