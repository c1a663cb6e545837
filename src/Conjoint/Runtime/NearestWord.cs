namespace Conjoint.Runtime;

/// <summary>Finds what a misspelt word was meant to be.</summary>
public static class NearestWord
{
    /// <summary>The known word with the fewest edits to <paramref name="word"/>; null when none is near.</summary>
    /// <remarks>An edit is a letter more, less, other, or two neighbours swapped. Near is one edit for each three letters, at least two for four letters and more. Ties go to the first.</remarks>
    public static string? Of(string word, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(known);
        var best = known.Select(k => (Word: k, Edits: Edits(word, k))).OrderBy(c => c.Edits).FirstOrDefault();
        var allowed = word.Length < 4 ? 1 : Math.Max(2, word.Length / 3);
        return best.Word is not null && best.Edits <= allowed ? best.Word : null;
    }

    /// <summary>The distance of Damerau and Levenshtein in which no letter is edited twice; case counts for nothing.</summary>
    internal static int Edits(string a, string b)
    {
        (a, b) = (a.ToLowerInvariant(), b.ToLowerInvariant());
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
