using System.Text.RegularExpressions;

namespace Conjoint.Training.ReportData;

/// <summary>Texts for a report that may be handed on: folders, which may name people and places, are left out.</summary>
public static partial class CommandText
{
    /// <summary>A command line as one text; of each path only the last name stays, and what a shell would read otherwise is quoted: <c>conjoint pretrain --data …/store</c>.</summary>
    /// <param name="arguments">The arguments after the program's name.</param>
    public static string From(IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return string.Join(' ', arguments.Select(WithoutFolders).Select(Quoted).Prepend("conjoint"));
    }

    /// <summary>A text in which every path with at least one folder is cut down to <c>…/</c> and its last name.</summary>
    public static string WithoutFolders(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Folders().Replace(text, "…/");
    }

    /// <summary>As a shell takes it for this one word; in single quotes nothing has a meaning, in PowerShell neither.</summary>
    private static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || "…/\\._-=:,+@%^~".Contains(c, StringComparison.Ordinal)) ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // A leading slash, dot, tilde, drive or word, and then any number of folders; not the two slashes of an address.
    [GeneratedRegex("""(?<![\w/\\:…])(?:~|\.{1,2}|[A-Za-z]:|[^\s"'=,:\[\]\{\}/\\]+)?(?:[/\\][^\s"'=,:\[\]\{\}/\\]+)*[/\\](?=[^\s"'=,:\[\]\{\}/\\])""")]
    private static partial Regex Folders();
}
