using Conjoint.Data;
using Conjoint.Data.Augmentation;

namespace Conjoint.Tasks.Classification;

/// <summary>Leaves out cases of common classes where there are too many of them to look at.</summary>
internal static class RareClasses
{
    private const long ThinStream = 0x7B141; // the name of a stream under one seed

    /// <summary>Draws at most <paramref name="ratio"/> cases of each class for each one of the rarest class.</summary>
    /// <param name="cases">Labelled cases.</param>
    /// <param name="ratio">At least 1.</param>
    /// <param name="seed">Decides which.</param>
    /// <returns>The drawn ones, in their order.</returns>
    public static IReadOnlyList<StoreCase> Thin(IReadOnlyList<StoreCase> cases, double ratio, long seed)
    {
        var classes = Enumerable.Range(0, cases.Count).GroupBy(i => cases[i].Label!.Value).OrderBy(g => g.Key).Select(g => g.ToArray()).ToList();
        if (classes.Count < 2)
            return cases;
        var most = (int)Math.Min(ratio * classes.Min(c => c.Length), cases.Count);
        var random = RandomStream.For(seed, ThinStream);
        foreach (var members in classes)
            random.Shuffle<int>(members);
        return [.. classes.SelectMany(members => members.Take(most)).Order().Select(i => cases[i])];
    }
}
