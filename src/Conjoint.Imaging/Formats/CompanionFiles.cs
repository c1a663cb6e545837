using System.Globalization;
using System.Text.RegularExpressions;

namespace Conjoint.Imaging;

/// <summary>
/// The files that a header names. They lie beside it or in a folder below: a header that came with somebody's data must not make
/// a program read anything else.
/// </summary>
internal static partial class CompanionFiles
{
    /// <summary>The most files that one header may name.</summary>
    public const int MaxFiles = 1 << 16;

    /// <summary>The path of a file that a header names.</summary>
    /// <exception cref="InputDataException">The name is absolute, leads out of the header's folder, or there is no such file.</exception>
    public static string Find(string headerPath, string name)
    {
        var relative = name.Trim().Trim('"').Replace('\\', '/');
        if (relative.Length == 0 || relative.AsSpan().ContainsAny('\0', ':') || relative.StartsWith('/'))
            throw new InputDataException(headerPath, $"names the data file '{Shown(name)}'; expected a file beside the header, without drive or absolute path");

        var depth = 0;
        foreach (var part in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            depth += part switch { "." => 0, ".." => -1, _ => 1 };
            if (depth < 0)
                throw new InputDataException(headerPath, $"names the data file '{Shown(name)}', which leads out of the header's folder; expected a file beside the header");
        }

        var path = Path.Combine(Path.GetDirectoryName(headerPath) ?? "", relative);
        return File.Exists(path)
            ? path
            : throw new InputDataException(headerPath, $"names the data file '{Shown(name)}', which doesn't exist; keep both in one folder");
    }

    /// <summary>The names that a pattern such as <c>slice%03d.raw</c> stands for.</summary>
    /// <exception cref="InputDataException">The pattern or its range can't be meant.</exception>
    public static IReadOnlyList<string> Numbered(string headerPath, string pattern, int first, int last, int step)
    {
        var count = step == 0 ? 0 : ((long)last - first) / step + 1;
        if (count is < 1 or > MaxFiles)
            throw new InputDataException(headerPath, $"numbers its data files from {first} to {last} by {step}; expected 1 to {MaxFiles} files");
        var place = Place().Match(pattern);
        if (!place.Success || pattern.Count(letter => letter == '%') != 1)
            throw new InputDataException(headerPath, $"names its data files by the pattern '{Shown(pattern)}'; expected one number in it, such as %03d");

        var width = place.Groups["width"].Length > 0 ? int.Parse(place.Groups["width"].ValueSpan, CultureInfo.InvariantCulture) : 0;
        var fill = place.Groups["zero"].Length > 0 ? '0' : ' ';
        return [.. Enumerable.Range(0, (int)count).Select(n => pattern[..place.Index]
            + (first + n * step).ToString(CultureInfo.InvariantCulture).PadLeft(width, fill) + pattern[(place.Index + place.Length)..])];
    }

    /// <summary>A name for a message, whatever it holds.</summary>
    public static string Shown(string text)
    {
        var plain = new string([.. text.Where(letter => !char.IsControl(letter)).Take(80)]);
        return plain.Length < text.Length ? plain + "…" : plain;
    }

    [GeneratedRegex(@"%(?<zero>0?)(?<width>[1-9]?)[du]", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
