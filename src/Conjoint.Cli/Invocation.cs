using System.CommandLine;
using Conjoint.Cli.Progress;
using Spectre.Console;

namespace Conjoint.Cli;

/// <summary>One call of a verb: its arguments, where its words go, and the wish to stop.</summary>
internal sealed class Invocation(ParseResult arguments, Terminal terminal, CancellationToken cancellation)
{
    public TextWriter Out => terminal.Out;

    public TextWriter Error => terminal.Error;

    public CancellationToken Cancellation => cancellation;

    /// <summary>The words after the program's name.</summary>
    public IEnumerable<string> Words => arguments.Tokens.Select(token => token.Value);

    /// <summary>The value of a flag; null or the flag's default when it was not given.</summary>
    public T? Value<T>(Option<T> option) => arguments.GetValue(option);

    /// <summary>The value of a flag that the parser has made sure of.</summary>
    public T Required<T>(Option<T> option) => arguments.GetRequiredValue(option);

    /// <summary>The value of an argument that the parser has made sure of.</summary>
    public T Required<T>(Argument<T> argument) => arguments.GetRequiredValue(argument);

    /// <summary>What was written behind a flag; null where the flag was not written.</summary>
    public string? WrittenValue(Option option) => arguments.GetResult(option) is { Implicit: false, Tokens: [.., var last] } ? last.Value : null;

    /// <summary>Runs with an observer that shows progress on standard error: a live line on a terminal, plain lines otherwise.</summary>
    public T WithProgress<T>(Func<IStatusObserver, T> run)
    {
        if (!terminal.IsInteractive)
            return run(new PlainObserver(terminal.Error, TimeProvider.System));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        return LiveObserver.Run(console, TimeProvider.System, run);
    }
}
