using System.Diagnostics;
using System.Globalization;

namespace Conjoint.TestSupport;

/// <summary>A program that was run to its end.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Out">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
public sealed record ChildProcess(int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2); // a busy machine's last step and checkpoint

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

    /// <summary>Whether this process ignores a signal, and so does every program that it starts: a shell's background jobs ignore INT.</summary>
    /// <param name="signal"><c>INT</c> or <c>TERM</c>.</param>
    public static bool Ignores(string signal)
    {
        var mask = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..];
        return (ulong.Parse(mask.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal == "INT" ? 1 : 14) & 1) == 1;
    }

    /// <summary>Sends a signal, and waits for the end of the process.</summary>
    /// <param name="process">A program with standard error redirected.</param>
    /// <param name="signal"><c>INT</c> or <c>TERM</c>.</param>
    /// <returns>What it still wrote to standard error.</returns>
    /// <exception cref="TimeoutException">It went on; it has been killed.</exception>
    public static string EndBySignal(Process process, string signal)
    {
        ArgumentNullException.ThrowIfNull(process);
        using (var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
            kill.WaitForExit();
        var rest = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"SIG{signal} did not end the program within {s_patience.TotalSeconds} s: {rest.Result}");
        }

        return rest.Result;
    }
}
