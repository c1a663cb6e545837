namespace Conjoint.Data;

/// <summary>Names inside of a store.</summary>
internal static class StorePath
{
    /// <summary>Whether a case may be called so, and its folder: no separators, no drive, not the folder itself or the one above.</summary>
    public static bool IsName(string name) =>
        name is not ("" or "." or "..") && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    /// <summary>Whether a path stays below the folder that it starts in.</summary>
    /// <param name="path">Names with '/' between them.</param>
    public static bool LeadsInside(string path) => path.Split('/').All(IsName);

    /// <summary>A name for a message, whatever it holds.</summary>
    public static string Shown(string text)
    {
        var plain = new string([.. text.Where(letter => !char.IsControl(letter)).Take(80)]);
        return plain.Length < text.Length ? plain + "…" : plain;
    }
}
