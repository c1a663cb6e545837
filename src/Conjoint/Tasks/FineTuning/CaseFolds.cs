using Conjoint.Data;
using Conjoint.Runtime;

namespace Conjoint.Tasks.FineTuning;

/// <summary>Cross-validation by the folds that a data set's owners made, as LUNA16's ten.</summary>
internal static class CaseFolds
{
    /// <summary>The cases with splits that one fold decides: it is for the test, the next for validation, all others for training.</summary>
    /// <param name="cases">Labelled cases; those without a fold are left out.</param>
    /// <param name="fold">The fold of the test.</param>
    /// <param name="store">The folder of their store, for messages.</param>
    /// <exception cref="ConfigurationException">There are fewer than three folds, or none of this number.</exception>
    public static IReadOnlyList<StoreCase> Divide(IReadOnlyList<StoreCase> cases, int fold, string store)
    {
        var folds = Folds(cases, fold, store);
        if (folds.Length < 3)
            throw new ConfigurationException($"fold: the labelled cases of {store} are of {folds.Length} folds; expected at least three, for training, validation and test.");
        var validation = folds[(Array.IndexOf(folds, fold) + 1) % folds.Length];
        return [.. cases.Where(c => c.Fold is not null).Select(c => c with { Split = c.Fold == fold ? Split.Test : c.Fold == validation ? Split.Validation : Split.Train })];
    }

    /// <summary>The cases of a fold.</summary>
    /// <exception cref="ConfigurationException">There is none of this number.</exception>
    public static IReadOnlyList<StoreCase> Of(IReadOnlyList<StoreCase> cases, int fold, string store)
    {
        _ = Folds(cases, fold, store);
        return [.. cases.Where(c => c.Fold == fold)];
    }

    /// <summary>The folds that some cases are of, in order.</summary>
    public static IReadOnlyList<int> Numbers(IReadOnlyList<StoreCase> cases) => [.. cases.Select(c => c.Fold).OfType<int>().Distinct().Order()];

    private static int[] Folds(IReadOnlyList<StoreCase> cases, int fold, string store)
    {
        int[] folds = [.. Numbers(cases)];
        return folds.Contains(fold)
            ? folds
            : throw new ConfigurationException($"fold: received {fold}; the labelled cases of {store} are of {(folds.Length == 0 ? "no fold" : $"the folds {string.Join(", ", folds)}")}.");
    }
}
