using System.CommandLine;
using System.Globalization;
using Conjoint.Benchmarks.Learning;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training.ReportData;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint benchmark</c>: a table, cell by cell, resumable.</summary>
internal sealed class BenchmarkVerb : Verb
{
    private const string Learning = "learning";

    private readonly Option<string> _table = Flags.Text("--table", "learning", "Which table: learning, whether pre-training helps.", required: true);
    private readonly Option<string> _data = Flags.Text("--data", "DIR", "A folder of data sets; scale tiny makes phantoms without it.");
    private readonly Option<string> _out = Flags.Text("--out", "DIR", "Where everything goes; that of an interrupted table goes on with it.", required: true);
    private readonly Option<string> _scale = Flags.Choice("--scale", "How much; small when not given.", "tiny", "small", "full");
    private readonly Option<long?> _runs = Flags.Whole("--runs", "N", "Pre-training seeds; 3 at scale small when not given.", least: 1);
    private readonly Option<long?> _jobs = Flags.Whole("--jobs", "N", "Processes that share the cells; 1 when not given.", least: 1);
    private readonly Option<long?> _threads = Flags.Whole("--threads", "N", "Threads of each process; 1 when not given.", least: 1);
    private readonly Option<string> _config = Flags.Config();
    private readonly Option<string[]> _set = Flags.Set();
    private readonly Option<string> _device = Flags.Text("--device", "auto|cpu|cuda[:N]", "Where to compute; cpu when not given.");
    private readonly Option<bool> _json = Flags.Json();
    private readonly Option<bool> _worker = new(BenchmarkWorkers.Flag) { Description = "One of the further processes of --jobs.", Hidden = true };

    public BenchmarkVerb()
        : base("benchmark", "Compute a table of results: resumable, and by several processes at once.")
    {
        foreach (var option in new Option[] { _table, _data, _out, _scale, _runs, _jobs, _threads, _config, _set, _device, _json, _worker })
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        if (invocation.Required(_table) is not Learning and var other)
            throw new ConfigurationException($"--table {other}: not there; expected {Learning}.");
        var scale = invocation.Value(_scale) ?? "small";
        if (invocation.Value(_data) is null && scale != "tiny")
            throw new ConfigurationException($"--data: scale {scale} needs a folder of data sets; scale tiny makes phantoms.");
        var settings = Settings(invocation, scale);
        if (invocation.Value(_worker))
            return Work(invocation, settings);

        using var workers = new BenchmarkWorkers((int)(invocation.Value(_jobs) ?? 1) - 1, invocation.Words, invocation.Error);
        var summary = invocation.WithProgress(observer => LearningProtocol.Run(
            invocation.Required(_out), invocation.Value(_data), settings, CommandText.From(invocation.Words), observer, invocation.Cancellation));
        workers.Finish();
        if (invocation.Value(_json))
        {
            JsonOutput.Write(invocation.Out, summary);
            return ExitCode.Done;
        }

        foreach (var difference in summary.Differences)
            invocation.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{difference.First} − {difference.Second}, {difference.Labels} labelled: {difference.Mean:+0.000;-0.000;0.000}, {difference.Verdict}"));
        invocation.Out.WriteLine(Path.Combine(invocation.Required(_out), "learning.md"));
        return ExitCode.Done;
    }

    /// <summary>As the first process does, but quietly, and no longer than it lives.</summary>
    private int Work(Invocation invocation, LearningSettings settings)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(invocation.Cancellation, BenchmarkWorkers.EndOfFirst());
        invocation.WithProgress(observer => LearningProtocol.Run(
            invocation.Required(_out), invocation.Value(_data), settings, CommandText.From(invocation.Words.Where(w => w != BenchmarkWorkers.Flag)), observer, stop.Token));
        return ExitCode.Done;
    }

    /// <summary>Scale, file, flags, single settings: each over those before.</summary>
    private LearningSettings Settings(Invocation invocation, string scale)
    {
        List<SettingsLayer> layers = [SettingsLayer.FromText($"scale {scale}", SettingsWriter.Write(LearningSettings.Of(scale)))];
        if (invocation.Value(_config) is { } config)
            layers.Add(SettingsLayer.FromFile(config));
        foreach (var (option, key) in new (Option, string)[] { (_runs, "seeds"), (_threads, "threads"), (_device, "device") })
        {
            if (invocation.WrittenValue(option) is { } value)
                layers.Add(SettingsLayer.FromValue(option.Name, key, value));
        }

        layers.AddRange((invocation.Value(_set) ?? []).Select(SettingsLayer.FromAssignment));
        return SettingsBinder.Bind<LearningSettings>(layers);
    }
}
