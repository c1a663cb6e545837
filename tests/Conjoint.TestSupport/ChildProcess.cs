using System.Diagnostics;

namespace Conjoint.TestSupport;

/// <summary>A program that was run to its end.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Out">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
public sealed record ChildProcess(int ExitCode, string Out, string Error)
{
    /// <summary>Runs <c>dotnet</c> with arguments and waits for its end.</summary>
    public static ChildProcess Dotnet(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        using var process = Process.Start(StartInfo(arguments, environment, folder))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ChildProcess(process.ExitCode, output, error.Result);
    }

    /// <summary>How <see cref="Dotnet"/> starts it, for tests that talk to it while it runs.</summary>
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        // The dotnet that runs the tests, whether or not it is on the path.
        var start = new ProcessStartInfo(Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : "dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? AppContext.BaseDirectory,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return start;
    }
}
