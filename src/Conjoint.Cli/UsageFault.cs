using System.CommandLine;
using Conjoint.Runtime;

namespace Conjoint.Cli;

/// <summary>What is wrong with a command line, in one sentence.</summary>
internal static class UsageFault
{
    /// <summary>The sentence; null when there is nothing wrong.</summary>
    public static string? Of(ParseResult arguments)
    {
        var command = arguments.CommandResult.Command;
        var name = string.Join(' ', Path(arguments.CommandResult));
        var help = $"(see '{name} --help').";
        if (arguments.UnmatchedTokens.Count > 0)
            return $"{Unmatched(command, name, arguments.UnmatchedTokens[0])} {help}";
        if (command is not Verb)
            return $"'{name}' needs a verb; expected one of {string.Join(", ", Verbs(command))} {help}";
        return arguments.Errors.Count > 0 ? $"{arguments.Errors[0].Message.TrimEnd('.')} {help}" : null;
    }

    private static string Unmatched(Command command, string name, string token)
    {
        if (token.StartsWith('-'))
        {
            var flags = Flags(command).ToList();
            return $"unknown flag '{token}' for '{name}'; {Nearest(token, flags)}";
        }

        return command.Subcommands.Count > 0
            ? $"unknown verb '{token}'; {Nearest(token, [.. Verbs(command)])}"
            : $"unexpected argument '{token}' for '{name}'";
    }

    private static string Nearest(string word, IReadOnlyList<string> known) =>
        NearestWord.Of(word, known) is { } near ? $"did you mean '{near}'?" : $"expected one of {string.Join(", ", known)}";

    private static IEnumerable<string> Verbs(Command command) => command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);

    private static IEnumerable<string> Flags(Command? command)
    {
        for (var at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            foreach (var option in at.Options.Where(o => at == command || o.Recursive))
                yield return option.Name;
        }
    }

    private static List<string> Path(System.CommandLine.Parsing.CommandResult result)
    {
        var names = new List<string>();
        for (var at = result; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, at.Command.Name);
        return names;
    }
}
