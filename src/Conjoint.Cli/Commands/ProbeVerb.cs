using System.CommandLine;
using System.Globalization;
using Conjoint.Data;
using Conjoint.Reporting;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.Probing;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint probe</c>: what frozen weights know, without fine-tuning.</summary>
internal sealed class ProbeVerb : Verb
{
    private readonly Option<string> _data = Flags.Text("--data", "STORE", "A store with labelled training and test cases.", required: true);
    private readonly Option<string> _weights = Flags.Text("--weights", "FILE|scratch", "Weights to probe: a file, the folder of a run, or scratch.", required: true);
    private readonly Option<string> _out = Flags.Text("--out", "RUN", "The probe's folder.", required: true);
    private readonly Option<string> _table = Flags.Text("--table", "FILE.csv", "A table with a column to tell; the store's classes without it.");
    private readonly Option<string> _target = Flags.Text("--target", "COLUMN", "The column of the table.");
    private readonly Option<string> _kind = Flags.Choice("--kind", "What is told; auto takes more than ten different numbers for numbers.", [.. SettingsNames.All(typeof(ProbeKind))]);
    private readonly Option<string> _positive = Flags.Text("--positive", "CLASS", "Of two classes, the one that is looked for; the second without it.");
    private readonly Option<string> _dataset = Flags.Text("--dataset", "NAME", "The data set to probe on, where the store has labels of several.");
    private readonly Option<string> _split = Flags.Choice("--split", "The cases to score; test without it. Those of val choose strength and k otherwise.", Split.Test, Split.Validation);
    private readonly Option<string> _labels = Flags.Text("--labels", "COUNT|PERCENT%", "Labelled training subjects to use: a count, a share, or all.");
    private readonly Option<long?> _slices = Flags.Whole("--max-slices", "N", "Slices of a volume to look at, evenly spread; 32 without it.", least: 1);
    private readonly Option<string> _preset = Flags.Text("--preset", "NAME", "Whose encoders and input to build from scratch.");
    private readonly Option<string> _config = Flags.Config();
    private readonly Option<string[]> _set = Flags.Set();
    private readonly Option<long?> _seed = Flags.Whole("--seed", "N", "Seed of the drawn subjects and the untrained encoder.", least: 0);
    private readonly Option<string> _device = Flags.Device();
    private readonly Option<bool> _features = new("--features") { Description = "Write every case's features to RUN/features too." };
    private readonly Option<bool> _json = Flags.Json();

    public ProbeVerb()
        : base("probe", "Tell by linear and k-NN probes of frozen weights whether a pre-training learned anything.")
    {
        foreach (var option in new Option[] { _data, _weights, _out, _table, _target, _kind, _positive, _dataset, _split, _labels, _slices, _preset, _config, _set, _seed, _device, _features, _json })
            Add(option);
    }

    private IEnumerable<(Option Option, string Key)> Keys =>
    [
        (_table, "table"), (_target, "target"), (_kind, "kind"), (_positive, "positive"), (_dataset, "dataset"), (_split, "split"), (_labels, "labels"), (_slices, "max_slices"), (_seed, "seed"), (_device, "device"),
    ];

    public override int Run(Invocation invocation)
    {
        var run = invocation.Required(_out);
        var probe = new FrozenProbe(Settings(invocation));
        using var store = PreparedStore.Open(invocation.Required(_data));
        var result = invocation.WithProgress(observer =>
            probe.Run(store, invocation.Required(_weights), run, invocation.Value(_features), observer, invocation.Cancellation));
        var report = RunReport.Write(run);
        if (invocation.Value(_json))
        {
            JsonOutput.Write(invocation.Out, result);
            return ExitCode.Done;
        }

        var classes = result.Classes.Count == 0 ? "" : $", classes {string.Join(", ", result.Classes)}{(result.Positive is null ? "" : $" (positive: {result.Positive})")}";
        invocation.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Split}: {result.Test} cases; fitted to {result.Train} of {result.TrainSubjects} subjects{classes}"));
        foreach (var score in result.Probes)
            invocation.Out.WriteLine($"  {score}");
        invocation.Out.WriteLine(report);
        return ExitCode.Done;
    }

    /// <summary>Preset, file, flags, single settings: each over those before.</summary>
    private ProbeSettings Settings(Invocation invocation)
    {
        var layers = new List<SettingsLayer>();
        if (invocation.Value(_preset) is { } name)
            layers.Add(SettingsLayer.FromText($"preset {name}", SettingsWriter.Write(PresetEncoders.Of(name) with { MaxSlices = new ProbeSettings().MaxSlices })));
        if (invocation.Value(_config) is { } config)
            layers.Add(SettingsLayer.FromFile(config));
        foreach (var (option, key) in Keys)
        {
            if (invocation.WrittenValue(option) is { } value)
                layers.Add(SettingsLayer.FromValue(option.Name, key, value));
        }

        layers.AddRange((invocation.Value(_set) ?? []).Select(SettingsLayer.FromAssignment));
        return SettingsBinder.Bind<ProbeSettings>(layers);
    }
}
