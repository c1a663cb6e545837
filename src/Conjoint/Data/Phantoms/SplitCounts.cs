namespace Conjoint.Data.Phantoms;

/// <summary>How many subjects to make for each split.</summary>
/// <param name="Train">Subjects to learn from; at least 0.</param>
/// <param name="Validation">Subjects to choose settings by; at least 0.</param>
/// <param name="Test">Subjects to judge by; at least 0.</param>
public sealed record SplitCounts(int Train, int Validation, int Test)
{
    /// <summary>All subjects.</summary>
    public int Total => Train + Validation + Test;

    /// <summary>The splits' names in tables, with their counts.</summary>
    internal IEnumerable<(string Split, int Count)> Splits() => [("train", Train), ("val", Validation), ("test", Test)];
}
