using System.Security.Cryptography;
using System.Text;

namespace Conjoint.Data;

/// <summary>Names of cases: the path of the source as one word that is safe as a folder's name on every system.</summary>
internal static class CaseIds
{
    private const int MostCharacters = 100;
    private const int HashCharacters = 8;

    /// <summary>One id for each source, in order; those that would be alike, upper and lower case not told apart, end in a hash.</summary>
    public static string[] For(IReadOnlyList<string> sources)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var ids = new string[sources.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            var plain = Plain(sources[i]);
            var id = plain;
            for (var salt = 0; !taken.Add(id); salt++)
                id = $"{plain}-{Hash($"{sources[i]}|{salt}")}";
            ids[i] = id;
        }

        return ids;
    }

    private static string Plain(string source)
    {
        var folder = source.LastIndexOf('/') + 1;
        var stem = source[..folder] + FileNames.Stem(source);
        // An archive's row stands behind '#'; it is not part of the file's name.
        if (source.IndexOf('#', StringComparison.Ordinal) is var mark and >= 0)
            stem = source[..(source.LastIndexOf('/', mark) + 1)] + FileNames.Stem(source[..mark]) + "-" + source[(mark + 1)..];
        var safe = new StringBuilder();
        foreach (var c in stem)
            safe.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-');
        var id = safe.ToString().Trim('.', '-');
        if (id.Length == 0)
            return "case-" + Hash(source);
        return id.Length <= MostCharacters ? id : $"{id[..(MostCharacters - HashCharacters - 1)]}-{Hash(source)}";
    }

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashCharacters];
}
