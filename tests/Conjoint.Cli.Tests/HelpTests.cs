using System.CommandLine;

namespace Conjoint.Cli.Tests;

/// <summary>Verbs and flags are a contract: their help texts are approved word by word.</summary>
public class HelpTests
{
    private static readonly Terminal s_terminal = new(TextWriter.Null, TextWriter.Null, IsInteractive: false, Width: 110);

    private static IEnumerable<string[]> Paths(Command command, params string[] path) =>
        command.Subcommands.SelectMany(c => Paths(c, [.. path, c.Name])).Prepend(path);

    public static TheoryData<string> Verbs => [.. Paths(CommandHost.Root(s_terminal)).Select(p => string.Join(' ', p))];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Help_is_as_approved(string verb)
    {
        var run = CliRun.Of([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        Approved.Verify(NameOf(verb), string.Join('\n', run.Out.Split('\n').Select(l => l.TrimEnd())));
    }

    [Fact]
    public void Every_approved_help_belongs_to_a_verb() =>
        Assert.Empty(Approved.Names.Where(n => n.StartsWith("help", StringComparison.Ordinal)).Except(Verbs.Select(v => NameOf(v.Data))));

    [Fact]
    public void Every_verb_and_flag_says_what_it_is_for()
    {
        IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);
        foreach (var command in All(CommandHost.Root(s_terminal)))
        {
            Assert.EndsWith(".", command.Description, StringComparison.Ordinal);
            Assert.All(command.Options, o => Assert.EndsWith(".", o.Description, StringComparison.Ordinal));
            Assert.All(command.Arguments, a => Assert.EndsWith(".", a.Description, StringComparison.Ordinal));
        }
    }

    private static string NameOf(string verb) => string.Join('-', (string[])["help", .. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
}
