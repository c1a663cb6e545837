using System.Globalization;
using System.Text.RegularExpressions;

namespace Conjoint.Data;

/// <summary>What names of files tell.</summary>
internal static partial class FileNames
{
    /// <summary>The name without folder and ending; .nii.gz is one ending.</summary>
    public static string Stem(string path)
    {
        var name = Path.GetFileName(path);
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            name = name[..^3];
        var stem = Path.GetFileNameWithoutExtension(name);
        return stem.Length > 0 ? stem : name;
    }

    /// <summary>
    /// Splits <c>frame_012</c> into ("", 12) and <c>scan1_frame_012</c> into ("scan1", 12); null for other names.
    /// </summary>
    public static (string Prefix, long Number)? Frame(string path)
    {
        var match = FrameName().Match(Stem(path));
        return match.Success && long.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (match.Groups["prefix"].Value, number)
            : null;
    }

    /// <summary>The file with the voxels beside the header of a NIfTI pair (.hdr and .img), or the header beside the voxels; null for other files.</summary>
    public static string? SecondOfPair(string path)
    {
        var (name, gz) = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? (path[..^3], path[^3..]) : (path, "");
        var other = Path.GetExtension(name).ToUpperInvariant() switch { ".HDR" => ".img", ".IMG" => ".hdr", _ => null };
        if (other is null)
            return null;
        string[] candidates = [Path.ChangeExtension(name, other) + gz, Path.ChangeExtension(name, other), Path.ChangeExtension(name, other) + ".gz"];
        return candidates.FirstOrDefault(File.Exists);
    }

    /// <summary>Orders names as people do: slice2 before slice10.</summary>
    public static int CompareNatural(string a, string b)
    {
        var (i, j) = (0, 0);
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                var (x, y) = (Digits(a, ref i), Digits(b, ref j));
                var byNumber = x.Length != y.Length ? x.Length.CompareTo(y.Length) : string.CompareOrdinal(x, y);
                if (byNumber != 0)
                    return byNumber;
            }
            else
            {
                if (a[i] != b[j])
                    return a[i].CompareTo(b[j]);
                (i, j) = (i + 1, j + 1);
            }
        }

        var byLength = (a.Length - i).CompareTo(b.Length - j);
        return byLength != 0 ? byLength : string.CompareOrdinal(a, b);
    }

    private static string Digits(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return text[start..at].TrimStart('0');
    }

    [GeneratedRegex(@"^((?<prefix>.+)_)?frame_(?<number>\d+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex FrameName();
}
