using System.Text.RegularExpressions;

namespace Conjoint.TestSupport;

/// <summary>The repository's Markdown pages.</summary>
public static partial class Documentation
{
    private static readonly string[] s_notOurs = ["bin", "obj", "conjoint-demo", "node_modules"];

    /// <summary>Every page, relative to the repository, with '/' between parts.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory.EnumerateFiles(Repository.Folder, "*.md", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Repository.Folder, f).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(f => !f.Split('/').Any(part => part.StartsWith('.') || s_notOurs.Contains(part)))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The text of a page.</summary>
    public static string Read(string page) => File.ReadAllText(Path.Combine(Repository.Folder, page)).ReplaceLineEndings("\n");

    /// <summary>The lines of a page's shell blocks.</summary>
    public static IEnumerable<string> ShellLines(string page) => CodeBlocks(page, "sh").SelectMany(text => text.Replace("\\\n", "", StringComparison.Ordinal).Split('\n'));

    /// <summary>The text of a page's blocks in one language.</summary>
    public static IEnumerable<string> CodeBlocks(string page, string language) =>
        Blocks().Matches(Read(page)).Where(m => m.Groups["language"].Value == language).Select(m => m.Groups["text"].Value);

    /// <summary>What stands between single backticks outside of blocks.</summary>
    public static IEnumerable<string> Inline(string page) => InlineCode().Matches(Blocks().Replace(Read(page), "")).Select(m => m.Groups[1].Value);

    [GeneratedRegex("^```(?<language>[a-z]*)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex InlineCode();
}
