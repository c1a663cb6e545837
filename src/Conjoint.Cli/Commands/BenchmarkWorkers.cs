using System.Diagnostics;

namespace Conjoint.Cli.Commands;

/// <summary>Further processes of this program that share the cells of a table. They end with the first one, however that ends.</summary>
internal sealed class BenchmarkWorkers : IDisposable
{
    /// <summary>The flag by which such a process knows itself.</summary>
    public const string Flag = "--worker";

    private readonly List<Process> _processes = [];

    /// <summary>Starts them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="words">The command line of this process.</param>
    /// <param name="log">Where their lines go, each with its process's number before it.</param>
    public BenchmarkWorkers(int count, IEnumerable<string> words, TextWriter log)
    {
        string[] arguments = [.. words, Flag];
        var shared = TextWriter.Synchronized(log);
        for (var i = 0; i < count; i++)
        {
            var number = i + 2;
            var process = Process.Start(Command(arguments))!;
            process.ErrorDataReceived += (_, line) =>
            {
                if (line.Data is { } text)
                    shared.WriteLine($"[{number}] {text}");
            };
            process.BeginErrorReadLine();
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            _processes.Add(process);
        }
    }

    /// <summary>A token that is cancelled when the first process is gone: this one's standard input is a pipe from it, which then ends.</summary>
    public static CancellationToken EndOfFirst()
    {
        var source = new CancellationTokenSource();
        var thread = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
                continue;
            source.Cancel();
        })
        { IsBackground = true };
        thread.Start();
        return source.Token;
    }

    /// <summary>Waits for their own end, when all cells are finished.</summary>
    public void Finish() => _processes.ForEach(p => p.WaitForExit());

    /// <summary>Ends those that still work; they stop after their step.</summary>
    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private static ProcessStartInfo Command(IReadOnlyList<string> arguments)
    {
        // "dotnet conjoint.dll" or the program by itself.
        var own = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(own) == "dotnet";
        var dll = Path.Combine(AppContext.BaseDirectory, "conjoint.dll");
        return new ProcessStartInfo(own, isHost ? [dll, .. arguments] : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}
