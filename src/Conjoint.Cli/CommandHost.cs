using System.CommandLine;
using System.CommandLine.Help;
using Conjoint.Cli.Commands;
using Conjoint.Runtime;

namespace Conjoint.Cli;

/// <summary>Everything between the operating system and the verbs: parsing, exit codes, one-line errors.</summary>
internal static class CommandHost
{
    /// <summary>Flags that every verb has.</summary>
    private static readonly Option<bool> s_verbose = new("--verbose")
    {
        Description = "Show the stack trace of an error.",
        Recursive = true,
    };

    /// <summary>Parses, runs, tells what went wrong.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, Terminal terminal, Interruption interruption)
    {
        // File names may begin with @, and a flag is a whole word here.
        var parsing = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        var arguments = Root(terminal).Parse(args, parsing);
        if (arguments.Action is HelpAction or VersionAction)
            return arguments.Invoke(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error });

        if (UsageFault.Of(arguments) is { } fault)
        {
            Tell(terminal, fault);
            return ExitCode.Usage;
        }

        try
        {
            return ((Verb)arguments.CommandResult.Command).Run(new Invocation(arguments, terminal, interruption.Token));
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            Tell(terminal, "interrupted.");
            return interruption.Code;
        }
        catch (Exception exception)
        {
            // The outermost door: nothing may leave it as a crash.
            Tell(terminal, exception, arguments.GetValue(s_verbose));
            return ExitCode.Of(exception);
        }
    }

    /// <summary>The verbs. One line each.</summary>
    internal static Command Root(Terminal terminal)
    {
        var root = new Command("conjoint", "Joint 2D + 3D self-supervised pre-training for medical images.")
        {
            new DemoVerb(),
            new InspectVerb(),
            new PrepareVerb(),
            new PretrainVerb(),
            FinetuneVerb.Create(),
            CompareVerb.Create(),
            new EvaluateVerb(),
            new PredictVerb(),
            new EmbedVerb(),
            new ProbeVerb(),
            WeightsVerb.Create(),
            new BenchmarkVerb(),
            new ReportVerb(),
            new DoctorVerb(),
            s_verbose,
            new Option<bool>("--version") { Description = "Show the version.", Action = new VersionAction() },
            new HelpOption("--help", "-h", "-?") { Description = "Show help.", Action = new HelpAction { MaxWidth = terminal.Width } },
        };
        return root;
    }

    private static void Tell(Terminal terminal, Exception exception, bool isVerbose)
    {
        if (exception is ConfigurationException { Faults: var faults })
        {
            foreach (var fault in faults)
                Tell(terminal, fault);
        }
        else
        {
            // A message of several lines comes from below, from libtorch for one: its first line says what happened.
            var message = exception.Message.Split('\n')[0].Trim();
            Tell(terminal, exception is Imaging.ConjointException ? message : $"{message} ({exception.GetType().Name}; --verbose shows where)");
        }

        if (isVerbose)
            terminal.Error.WriteLine(exception);
    }

    private static void Tell(Terminal terminal, string message) => terminal.Error.WriteLine($"conjoint: error: {message}");
}
