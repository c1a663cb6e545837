using System.CommandLine;
using System.Globalization;
using Conjoint.Benchmarks.Comparing;
using Conjoint.Data;
using Conjoint.Reporting;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint compare TASK</c>: starts side by side over several seeds, resumable, and by several processes at once.</summary>
internal sealed class CompareTaskVerb : Verb
{
    private const long DefaultRuns = 5; // paper

    private readonly FinetuneFlags _flags;
    private readonly Func<FinetuneFlags, Invocation, FineTuneSettings> _settings;

    private readonly Option<string[]> _weights = new("--weights")
    {
        Description = "Starts to compare with scratch: weights files, or folders of runs.", HelpName = "[NAME=]FILE...", Required = true, AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _out = Flags.Text("--out", "DIR", "Where everything goes; that of an interrupted comparison goes on with it.", required: true);
    private readonly Option<long?> _runs = Flags.Whole("--runs", "N", "Fine-tunings of each start, with seeds one after another; 5 when not given.", least: 1);
    private readonly Option<long?> _jobs = Flags.Whole("--jobs", "N", "Processes that share the runs; 1 when not given.", least: 1);
    private readonly Option<long?> _threads = Flags.Whole("--threads", "N", "Threads of each process; without it, the cores are shared among the processes.", least: 1);
    private readonly Option<bool> _json = Flags.Json();
    private readonly Option<bool> _worker = new(BenchmarkWorkers.Flag) { Description = "One of the further processes of --jobs.", Hidden = true };

    public CompareTaskVerb(string task, string help, FinetuneFlags flags, Func<FinetuneFlags, Invocation, FineTuneSettings> settings)
        : base(task, help)
    {
        (_flags, _settings) = (flags, settings);
        foreach (var option in new Option[] { flags.Data, _weights, _out, _runs, _jobs, _threads }.Concat(flags.Training).Concat([_json, _worker]))
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        var (folder, jobs, runs) = (invocation.Required(_out), invocation.Value(_jobs) ?? 1, (int)(invocation.Value(_runs) ?? DefaultRuns));
        var settings = _settings(_flags, invocation);
        var arms = ComparisonArm.Parse(invocation.Required(_weights));
        using var store = PreparedStore.Open(invocation.Required(_flags.Data));
        var threads = (int)(invocation.Value(_threads) ?? Math.Max(1, Environment.ProcessorCount / jobs));
        var summary = SharedWork.Run(invocation, invocation.Value(_worker), jobs, (command, observer, cancellation) =>
            ComparisonRun.Run(folder, store, arms, settings, runs, threads, command, observer, cancellation));
        if (summary is null)
            return ExitCode.Done;

        // The page knows segmenters' scores.
        if (summary.Task == FineTunedModel.Segment)
            ComparisonRun.WriteMetrics(folder, store, arms, settings, runs, () => ComparisonReport.Write(folder));

        if (invocation.Value(_json))
        {
            JsonOutput.Write(invocation.Out, summary);
            return ExitCode.Done;
        }

        foreach (var arm in summary.Arms)
            invocation.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{arm.Name}: test {summary.Score} {arm.Mean:0.000} ± {arm.Std:0.000}, {arm.Scores.Count} runs"));
        foreach (var d in summary.Differences)
            invocation.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{d.Name} − scratch: {d.Mean:+0.000;-0.000;0.000} [{d.Low:+0.000;-0.000;0.000}, {d.High:+0.000;-0.000;0.000}], p {d.P:0.000}: {d.Verdict}"));
        invocation.Out.WriteLine(Path.Combine(folder, summary.Task == FineTunedModel.Segment ? "report.html" : "compare.md"));
        return ExitCode.Done;
    }
}
