using Conjoint.TestSupport;

namespace Conjoint.Cli.Tests;

/// <summary>One call of the program.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    /// <summary>Calls it inside this process, which is quick.</summary>
    public static CliRun Of(params string[] args)
    {
        using var interruption = new Interruption();
        return Of(interruption, args);
    }

    public static CliRun Of(Interruption interruption, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = CommandHost.Run(args, new Terminal(output, error, IsInteractive: false, Width: 110), interruption);
        return new CliRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Calls the built program in a process of its own.</summary>
    public static CliRun OfProcess(IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        var child = ChildProcess.Dotnet([Program, .. args], environment);
        return new CliRun(child.ExitCode, child.Out, child.Error);
    }

    /// <summary>The built program.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "conjoint.dll");
}
