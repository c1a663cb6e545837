using Conjoint.Data.Augmentation;

namespace Conjoint.Data;

/// <summary>A case as the splits see it.</summary>
/// <param name="Dataset">Its data set; subjects of different data sets are different people.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Stated">The split that the source states, or null.</param>
/// <param name="Content">Checksum of its content.</param>
/// <param name="Person">What scans of one person share beyond data sets, or null.</param>
internal sealed record SplitCase(string Dataset, string Subject, string? Stated, string Content, string? Person = null);

/// <summary>
/// Assigns splits by subject. What a source states stands. The rest is drawn from the seed, data set by data set; a subject with
/// the same content as another, or known to be the same person, goes where that one goes.
/// </summary>
internal static class SplitAssigner
{
    /// <summary>The split of each case; null where the source states two for one subject and this case's is the less protected one.</summary>
    public static string?[] Assign(IReadOnlyList<SplitCase> cases, PrepareSettings settings)
    {
        var stated = cases.GroupBy(Subject).ToDictionary(g => g.Key, g => MostProtected(g.Select(c => c.Stated)));
        var groups = Groups(cases);
        var drawn = new Dictionary<(string, string), string>();
        foreach (var group in groups)
        {
            if (MostProtected(group.Select(s => stated[s])) is { } split)
            {
                foreach (var subject in group)
                    drawn[subject] = stated[subject] ?? split;
            }
        }

        foreach (var dataset in groups.Where(g => !drawn.ContainsKey(g[0])).GroupBy(g => g[0].Dataset))
            Draw([.. dataset], settings, drawn);
        return [.. cases.Select(c => c.Stated is null || c.Stated == drawn[Subject(c)] ? drawn[Subject(c)] : null)];
    }

    private static (string Dataset, string Subject) Subject(SplitCase c) => (c.Dataset, c.Subject);

    /// <summary>Each subject's place comes from its own name, so that new subjects leave nearly all others where they were.</summary>
    private static void Draw((string Dataset, string Subject)[][] groups, PrepareSettings settings, Dictionary<(string, string), string> drawn)
    {
        var order = groups
            .OrderBy(g => RandomStream.For(settings.Seed, [.. Text(g[0].Dataset), -1, .. Text(g[0].Subject)]).NextDouble())
            .ThenBy(g => g[0].Subject, StringComparer.Ordinal)
            .ToArray();
        var (test, validation) = (Share(order.Length, settings.TestShare), Share(order.Length, settings.ValidationShare));
        for (var i = 0; i < order.Length; i++)
        {
            var split = i < test ? Split.Test : i < test + validation ? Split.Validation : Split.Train;
            foreach (var subject in order[i])
                drawn[subject] = split;
        }
    }

    /// <summary>From three subjects on, every share above 0 gets one at least; training always keeps one.</summary>
    private static int Share(int subjects, double share)
    {
        var rounded = (int)Math.Round(subjects * share, MidpointRounding.AwayFromZero);
        if (share <= 0 || subjects < 3)
            return 0;
        return Math.Clamp(rounded, 1, Math.Max(1, (subjects - 1) / 2));
    }

    private static IEnumerable<long> Text(string text) => text.Select(c => (long)c);

    private static string? MostProtected(IEnumerable<string?> splits)
    {
        var all = splits.ToHashSet();
        return all.Contains(Split.Test) ? Split.Test
            : all.Contains(Split.Validation) ? Split.Validation
            : all.Contains(Split.Train) ? Split.Train
            : null;
    }

    /// <summary>Subjects joined by equal content or person, each group and all groups in the order of their names.</summary>
    private static (string Dataset, string Subject)[][] Groups(IReadOnlyList<SplitCase> cases)
    {
        var parent = cases.Select(Subject).Distinct().ToDictionary(s => s, s => s);
        foreach (var same in cases.GroupBy(c => c.Content).Concat(cases.Where(c => c.Person is not null).GroupBy(c => c.Person!)))
        {
            var first = Subject(same.First());
            foreach (var other in same.Skip(1))
                parent[Root(Subject(other))] = Root(first);
        }

        return [.. parent.Keys
            .GroupBy(Root)
            .Select(g => g.OrderBy(s => s.Dataset, StringComparer.Ordinal).ThenBy(s => s.Subject, StringComparer.Ordinal).ToArray())
            .OrderBy(g => g[0].Dataset, StringComparer.Ordinal).ThenBy(g => g[0].Subject, StringComparer.Ordinal)];

        (string Dataset, string Subject) Root((string Dataset, string Subject) subject)
        {
            while (parent[subject] != subject)
                subject = parent[subject] = parent[parent[subject]];
            return subject;
        }
    }
}
