using System.CommandLine;
using System.Globalization;
using Conjoint.Benchmarks.Learning;
using Conjoint.Benchmarks.Tables;
using Conjoint.Reporting;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint benchmark</c>: a table, cell by cell, resumable.</summary>
internal sealed class BenchmarkVerb : Verb
{
    private const string Learning = "learning", Parameters = "8", Pretraining = "pretraining";

    private readonly Option<string> _table = Flags.Text("--table", "3|4|5|6|7|8|learning", "Which table: one of the paper's, or learning, whether pre-training helps.", required: true);
    private readonly Option<string> _data = Flags.Text("--data", "DIR", "A folder of data sets, at scale full of prepared stores; scale tiny makes phantoms without it.");
    private readonly Option<string> _out = Flags.Text("--out", "DIR", "Where everything goes; that of an interrupted table goes on with it.", required: true);
    private readonly Option<string> _scale = Flags.Choice("--scale", "How much; small when not given.", "tiny", "small", "full");
    private readonly Option<long?> _runs = Flags.Whole("--runs", "N", "Fine-tunings of a method, 5 when not given; of learning, pre-training seeds, 3.", least: 1);
    private readonly Option<string> _repeat = Flags.Choice("--repeat", "What else every run repeats, in the paper's tables.", Pretraining);
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
        foreach (var option in new Option[] { _table, _data, _out, _scale, _runs, _repeat, _jobs, _threads, _config, _set, _device, _json, _worker })
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        var table = invocation.Required(_table);
        string[] known = [.. PaperTable.Numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)), Parameters, Learning];
        if (!known.Contains(table))
            throw new ConfigurationException($"--table {table}: not there; expected one of {string.Join(", ", known)}.");
        if (table == Parameters)
            return Count(invocation);
        var scale = invocation.Value(_scale) ?? "small";
        if (invocation.Value(_data) is null && scale != "tiny")
            throw new ConfigurationException($"--data: scale {scale} needs a folder of data sets; scale tiny makes phantoms.");
        if (table == Learning)
        {
            if (invocation.Value(_repeat) is not null)
                throw new ConfigurationException("--repeat: table learning repeats its pre-trainings anyway; leave it out.");
            var settings = Settings(invocation, scale, LearningSettings.Of(scale), ("seeds", _runs));
            return Share(invocation, (command, observer, cancellation) => LearningProtocol.Run(invocation.Required(_out), invocation.Value(_data), settings, command, observer, cancellation), Print, "learning.md");
        }

        var number = int.Parse(table, CultureInfo.InvariantCulture);
        var paper = Settings(invocation, scale, TableSettings.Of(scale), ("runs", _runs));
        if (invocation.Value(_repeat) is not null)
            paper = paper with { RepeatPretraining = true };
        var folder = invocation.Required(_out);
        return Share(invocation, (command, observer, cancellation) => TableRun.Run(number, folder, invocation.Value(_data), paper, command, observer, cancellation), Print, $"table{number}.md", () => TablePage.Write(Path.Combine(folder, $"table{number}.json")));
    }

    private static IEnumerable<string> Print(LearningSummary summary) => summary.Differences.Select(d =>
        string.Create(CultureInfo.InvariantCulture, $"{d.First} − {d.Second}, {d.Labels} labelled: {d.Mean:+0.000;-0.000;0.000}, {d.Verdict}"));

    private static IEnumerable<string> Print(TableSummary summary) => summary.Rows.Where(r => r.IsComputed).SelectMany(r => summary.Columns.Zip(r.Values).Select(v =>
        $"{r.Method}, {v.First}: {(v.Second.Applies ? string.Create(CultureInfo.InvariantCulture, $"{v.Second.Mean:0.00} ± {v.Second.Std:0.00}") : "N/A")}"));

    private int Share<T>(Invocation invocation, Func<string, IRunObserver, CancellationToken, T> compute, Func<T, IEnumerable<string>> print, string page, Action? report = null)
        where T : class
    {
        if (SharedWork.Run(invocation, invocation.Value(_worker), invocation.Value(_jobs) ?? 1, compute) is not { } summary)
            return ExitCode.Done;
        report?.Invoke();
        if (invocation.Value(_json))
        {
            JsonOutput.Write(invocation.Out, summary);
            return ExitCode.Done;
        }

        foreach (var line in print(summary))
            invocation.Out.WriteLine(line);
        invocation.Out.WriteLine(Path.Combine(invocation.Required(_out), page));
        return ExitCode.Done;
    }

    private int Count(Invocation invocation)
    {
        var table = ParameterTable.Compute();
        ParameterTable.Write(invocation.Required(_out), table);
        if (invocation.Value(_json))
            JsonOutput.Write(invocation.Out, table);
        else
            invocation.Out.Write(ParameterTable.Markdown(table));
        return ExitCode.Done;
    }

    /// <summary>Scale, file, flags, single settings: each over those before.</summary>
    private T Settings<T>(Invocation invocation, string scale, T defaults, (string Key, Option Option) runs)
        where T : class, IValidated, new()
    {
        List<SettingsLayer> layers = [SettingsLayer.FromText($"scale {scale}", SettingsWriter.Write(defaults))];
        if (invocation.Value(_config) is { } config)
            layers.Add(SettingsLayer.FromFile(config));
        foreach (var (key, option) in new[] { runs, ("threads", _threads), ("device", _device) })
        {
            if (invocation.WrittenValue(option) is { } value)
                layers.Add(SettingsLayer.FromValue(option.Name, key, value));
        }

        layers.AddRange((invocation.Value(_set) ?? []).Select(SettingsLayer.FromAssignment));
        return SettingsBinder.Bind<T>(layers);
    }
}
