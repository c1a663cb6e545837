using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Conjoint.TestSupport;
using Conjoint.Training;
using Conjoint.Training.Monitoring;

namespace Conjoint.Cli.Tests.EndToEnd;

/// <summary>Real processes that are really killed, in the middle of whatever they do.</summary>
public sealed partial class KilledPretrainTests(SmallPretraining small) : IClassFixture<SmallPretraining>
{
    private const int Steps = 40, Lines = 3 * Steps;

    [Theory]
    [InlineData("swav", 3)]
    [InlineData("deepcluster-v2", 2)]
    public void Kill_9_at_random_moments_and_resume_equals_no_kill(string method, int kills)
    {
        var whole = new RunFolder(small.Folder["whole-" + method]);
        Assert.Equal(0, Go(whole, method));

        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var killed = new RunFolder(small.Folder["killed-" + method]);
        for (var round = 1; round <= kills; round++)
        {
            // Each kill comes later than the one before, so that all stages have their turn.
            var lines = random.Next(Lines * (round - 1) / kills, Lines * round / kills - 5) + 5;
            Go(killed, method, afterLines: lines, delay: random.Next(40), previous: round > 1);
        }

        Assert.Equal(0, Go(killed, method, previous: true));
        Assert.Equal(File.ReadAllBytes(whole.Weights), File.ReadAllBytes(killed.Weights));
        foreach (var stage in StageName.All)
            Assert.Equal(File.ReadAllBytes(whole.StageWeights(stage)), File.ReadAllBytes(killed.StageWeights(stage)));
        Assert.Equal(WithoutTimes(whole), WithoutTimes(killed));
        Assert.Empty(Directory.GetFiles(killed.Checkpoints, "*.tmp"));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_ends_pre_training_with_its_checkpoint_written(string signal, int code)
    {
        Assert.SkipWhen(ChildProcess.Ignores(signal), $"SIG{signal} is ignored where these tests run");
        var run = new RunFolder(small.Folder["signal-" + signal]);
        // No checkpoint would come by itself.
        using var process = Start(small.Line("signal-" + signal, "swav", 1_000_000, "checkpoint_seconds=3600"));
        WaitForLines(process, run, 5);
        var error = ChildProcess.EndBySignal(process, signal);
        Assert.Equal(code, process.ExitCode);
        Assert.Contains("conjoint: error: interrupted.", error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(run.Checkpoints, "last.safetensors")));
    }

    /// <summary>Starts or goes on with a run, and kills it when its log has so many lines.</summary>
    /// <returns>The exit code.</returns>
    private int Go(RunFolder run, string method, int? afterLines = null, int delay = 0, bool previous = false)
    {
        using var process = Start([.. small.Line(Path.GetFileName(run.Path), method, Steps, "checkpoint_seconds=0.01"), "--resume"]);
        // Only from here on are the lines in the log this process's, or those that it builds on.
        var begin = new StringBuilder();
        while (process.StandardError.ReadLine() is { } line && !begin.AppendLine(line).ToString().Contains("pre-training on", StringComparison.Ordinal))
            continue;
        var rest = process.StandardError.ReadToEndAsync();
        if (afterLines is { } lines)
        {
            WaitForLines(process, run, lines);
            Thread.Sleep(delay);        // so that kills come at any part of a step, of a checkpoint, or between stages
            process.Kill();
        }

        process.WaitForExit();
        if (previous)
        {
            // It did not start from nothing.
            var resumed = Resuming().Match(begin.ToString());
            Assert.True(resumed.Success, begin + rest.Result);
            Assert.False(resumed.Groups[1].Value == StageName.Slices && int.Parse(resumed.Groups[2].Value, CultureInfo.InvariantCulture) == 0, resumed.Value);
        }

        return process.ExitCode;
    }

    private static Process Start(string[] line) => Process.Start(ChildProcess.StartInfo([CliRun.Program, .. line]))!;

    private static void WaitForLines(Process process, RunFolder run, int lines)
    {
        while (!process.HasExited && !(File.Exists(run.Metrics) && MetricsReader.Read(run.Metrics).Count >= lines))
            Thread.Sleep(5);
    }

    private static string[] WithoutTimes(RunFolder run) =>
        [.. MetricsReader.Read(run.Metrics).Select(line => string.Join(", ", line.Values.Where(v => v.Key is not ("samples_per_second" or "data_wait_fraction"))))];

    [GeneratedRegex(@"resuming stage (\w+) at epoch \d+, step (\d+)")]
    private static partial Regex Resuming();
}
