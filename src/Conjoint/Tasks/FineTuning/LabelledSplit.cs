using Conjoint.Data;

namespace Conjoint.Tasks.FineTuning;

/// <summary>Who a fine-tuning learns from and who it is scored on, case by case, in place of a budget of labels and the store's splits.</summary>
/// <remarks>No subject is on both sides.</remarks>
public sealed record LabelledSplit
{
    /// <summary>Takes the cases, in order of their ids.</summary>
    /// <param name="train">Cases to learn from.</param>
    /// <param name="test">Cases to be scored on.</param>
    /// <exception cref="ArgumentException">A subject is on both sides.</exception>
    public LabelledSplit(IEnumerable<StoreCase> train, IEnumerable<StoreCase> test)
    {
        (Train, Test) = (ById(train), ById(test));
        if (Train.Select(c => c.Subject).Intersect(Test.Select(c => c.Subject)).Any())
            throw new ArgumentException("A subject is both learned from and scored on.", nameof(test));
    }

    /// <summary>Cases to learn from, by id.</summary>
    public IReadOnlyList<StoreCase> Train { get; }

    /// <summary>Cases to be scored on, by id.</summary>
    public IReadOnlyList<StoreCase> Test { get; }

    private static StoreCase[] ById(IEnumerable<StoreCase> cases) => [.. cases.OrderBy(c => c.Id, StringComparer.Ordinal)];
}
