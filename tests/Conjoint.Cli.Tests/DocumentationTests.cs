using System.CommandLine;
using System.CommandLine.Help;
using System.Text.RegularExpressions;
using Conjoint.TestSupport;

namespace Conjoint.Cli.Tests;

/// <summary>Command lines on the pages are ones that the program takes.</summary>
public partial class DocumentationTests
{
    private static readonly Terminal s_terminal = new(TextWriter.Null, TextWriter.Null, IsInteractive: false, Width: 110);

    private static readonly Command s_root = CommandHost.Root(s_terminal);

    public static TheoryData<string, string> ShellLines =>
    [
        .. Documentation.Pages.SelectMany(page => Documentation.ShellLines(page).Select(line => (page, ArgumentsOf(line))))
            .Where(l => l.Item2 is not null).Select(l => new TheoryDataRow<string, string>(l.page, l.Item2!)),
    ];

    /// <summary>Nothing is run: the parser has to find no fault.</summary>
    [Theory]
    [MemberData(nameof(ShellLines))]
    public void A_command_in_a_block_is_taken(string page, string arguments)
    {
        var parsing = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        var parsed = s_root.Parse([.. Words().Matches(arguments).Select(m => m.Value[0] is '"' or '\'' ? m.Value[1..^1] : m.Value)], parsing);
        var isTaken = parsed.Action is HelpAction or VersionAction || UsageFault.Of(parsed) is null;
        Assert.True(isTaken, $"{page}: conjoint {arguments}: {UsageFault.Of(parsed)}");
    }

    [Fact]
    public void Verbs_and_flags_within_sentences_are_there()
    {
        var faults = new List<string>();
        foreach (var page in Documentation.Pages)
        {
            foreach (var code in Documentation.Inline(page).Where(c => c.StartsWith("conjoint ", StringComparison.Ordinal)))
            {
                var words = code.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
                var command = s_root;
                while (words.Length > 0 && command.Subcommands.FirstOrDefault(c => c.Name == words[0]) is { } next)
                    (command, words) = (next, words[1..]);
                // A word in small letters right behind the program's name is a verb; VERB stands for any.
                var isKnown = command != s_root || words.Length == 0 || !char.IsAsciiLetterLower(words[0][0]);
                var flags = command.Options.Concat(s_root.Options).SelectMany(o => o.Aliases.Append(o.Name)).ToHashSet(StringComparer.Ordinal);
                if (!isKnown || words.Any(w => w.StartsWith("--", StringComparison.Ordinal) && !flags.Contains(w)))
                    faults.Add($"{page}: {code}");
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void Every_verb_stands_on_a_page()
    {
        IEnumerable<string> Paths(Command command, string path) =>
            command.Subcommands.SelectMany(c => c.Subcommands.Count > 0 ? Paths(c, $"{path} {c.Name}") : [$"{path} {c.Name}"]);
        var all = string.Join('\n', Documentation.Pages.Where(p => p != "CHANGELOG.md").Select(Documentation.Read))
            .Replace("--project src/Conjoint.Cli --", "conjoint", StringComparison.Ordinal);
        Assert.Empty(Paths(s_root, "conjoint").Where(verb => !all.Contains(verb, StringComparison.Ordinal)).Order());
    }

    /// <summary>What stands behind the program's name on a line; null where the line is about something else.</summary>
    private static string? ArgumentsOf(string line)
    {
        var match = Call().Match(line);
        return match.Success ? match.Groups["arguments"].Value : null;
    }

    [GeneratedRegex("^(conjoint|dotnet run .*--project src/Conjoint.Cli --) (?<arguments>.+)$")]
    private static partial Regex Call();

    [GeneratedRegex("\"[^\"]*\"|'[^']*'|\\S+")]
    private static partial Regex Words();
}
