namespace Conjoint.Tasks.Metrics;

/// <summary>Ranks of numbers, where equal ones share the mean of the ranks that they fill.</summary>
internal static class MidRanks
{
    /// <summary>Ranks from 1, in the order of the values; two equal smallest ones get 1.5 each.</summary>
    /// <param name="values">None is NaN.</param>
    public static double[] Of(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        var order = Enumerable.Range(0, sorted.Length).ToArray();
        Array.Sort(sorted, order);

        var ranks = new double[sorted.Length];
        for (var first = 0; first < sorted.Length;)
        {
            var next = EndOfTie(sorted, first);
            for (var i = first; i < next; i++)
                ranks[order[i]] = (first + 1 + next) / 2.0;
            first = next;
        }

        return ranks;
    }

    /// <summary>Where the run of equal values that begins at a place ends.</summary>
    public static int EndOfTie(ReadOnlySpan<double> sorted, int first)
    {
        var next = first + 1;
        while (next < sorted.Length && sorted[next] == sorted[first])
            next++;
        return next;
    }
}
