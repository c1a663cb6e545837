using Conjoint.Data.Augmentation;

namespace Conjoint.Data;

/// <summary>The samples of an epoch when some data sets are drawn more often than others.</summary>
internal static class WeightedDraw
{
    /// <summary>
    /// As many samples as there are, with the share of set d proportional to w_d · n_d: its whole passes first, the rest drawn without
    /// replacement, so that no sample of a set comes twice more often than another.
    /// </summary>
    /// <param name="samples">How many there are.</param>
    /// <param name="dataset">The data set of each.</param>
    /// <param name="weights">w by name, upper and lower case alike; 1 for sets that aren't named.</param>
    /// <param name="random">Decides which samples the rest are.</param>
    /// <returns>Set after set; the caller shuffles.</returns>
    public static int[] Samples(int samples, Func<int, string> dataset, IReadOnlyDictionary<string, double> weights, RandomStream random)
    {
        var byName = new Dictionary<string, double>(weights, StringComparer.OrdinalIgnoreCase);
        var sets = Enumerable.Range(0, samples).GroupBy(dataset).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (Samples: g.ToArray(), Weight: byName.GetValueOrDefault(g.Key, 1))).ToArray();
        var counts = Shares([.. sets.Select(s => s.Weight * s.Samples.Length)], samples);
        var drawn = new List<int>(samples);
        for (var d = 0; d < sets.Length; d++)
        {
            var own = sets[d].Samples;
            for (var pass = 0; pass < counts[d] / own.Length; pass++)
                drawn.AddRange(own);
            drawn.AddRange(random.Permutation(own.Length).Take(counts[d] % own.Length).Select(i => own[i]));
        }

        return [.. drawn];
    }

    /// <summary>Whole numbers in proportion to the parts that add up to a total: rounded down, then one more where most was cut off.</summary>
    private static int[] Shares(double[] parts, int total)
    {
        var sum = parts.Sum();
        if (!(sum > 0))
            throw new ArgumentException("All data sets have the weight 0; at least one has to be learned from.", nameof(parts));
        var exact = parts.Select(p => p / sum * total).ToArray();
        var counts = exact.Select(e => (int)e).ToArray();
        foreach (var d in Enumerable.Range(0, parts.Length).Where(d => parts[d] > 0).OrderByDescending(d => exact[d] - counts[d]).Take(total - counts.Sum()))
            counts[d]++;
        return counts;
    }
}
