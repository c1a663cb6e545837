namespace Conjoint.Data;

/// <summary>Finds cases that are kept for validation or test in one store and learned from in another.</summary>
/// <remarks>
/// Two cases are the same when their files are (<see cref="StoreCase.SourceChecksum"/>), when their stored values are
/// (<see cref="StoreCase.ImageChecksum"/>: the same scan in another container), or when they are of one subject of one data set. The same
/// scan resampled or windowed otherwise is not found.
/// </remarks>
public static class StoreOverlap
{
    private const int MostNamed = 10;

    /// <summary>A warning for each store whose kept-back cases another one trains on, with their number and names.</summary>
    public static IEnumerable<string> Between(IReadOnlyList<PreparedStore> stores)
    {
        ArgumentNullException.ThrowIfNull(stores);
        for (var s = 0; s < stores.Count; s++)
        {
            var others = stores.Where((_, i) => i != s).SelectMany(o => o.Cases).Where(c => c.Split == Split.Train).ToArray();
            var content = others.SelectMany(ContentOf).ToHashSet(StringComparer.Ordinal);
            var subjects = others.Select(SubjectOf).ToHashSet();
            var kept = stores[s].Cases.Where(c => c.Split != Split.Train).ToArray();
            var same = kept.Where(c => ContentOf(c).Any(content.Contains)).ToArray();
            var known = kept.Except(same).Where(c => subjects.Contains(SubjectOf(c))).ToArray();
            if (same.Length > 0)
                yield return $"{stores[s].Folder}: {same.Length} of its cases for validation and test have the same content as training cases of another store ({Names(same)}), so that scores on them will look too good; leave them out of one of the two.";
            if (known.Length > 0)
                yield return $"{stores[s].Folder}: {known.Length} of its cases for validation and test are of subjects that another store trains on ({Names(known)}), so that scores on them will look too good; give each subject one split.";
        }
    }

    /// <summary>What tells a case's content, whatever file it came in.</summary>
    internal static IEnumerable<string> ContentOf(StoreCase storeCase) => [storeCase.SourceChecksum, storeCase.ImageChecksum];

    /// <summary>Names of cases for a message: the first few, and how many more there are.</summary>
    internal static string Names(IReadOnlyList<StoreCase> cases) =>
        string.Join(", ", cases.Select(c => c.Id).Take(MostNamed)) + (cases.Count > MostNamed ? $" and {cases.Count - MostNamed} more" : "");

    private static (string, string) SubjectOf(StoreCase storeCase) => (storeCase.Dataset, storeCase.Subject);
}
