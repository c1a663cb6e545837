using System.CommandLine;
using System.Globalization;
using Conjoint.Reporting;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training;
using Conjoint.Training.ReportData;
using Conjoint.Training.Settings;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint pretrain</c>: the three stages on prepared stores.</summary>
internal sealed class PretrainVerb : Verb
{
    private const string AllStages = "all";

    private readonly Option<string[]> _data = new("--data")
    {
        Description = "Prepared stores; their training cases are learned from.", HelpName = "STORE...", Required = true, AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _out = Flags.Text("--out", "RUN", "The run's folder.", required: true);
    private readonly Option<string> _preset = Flags.Choice("--preset", "The named settings to start from; paper when not given.", [.. Presets.Names]);
    private readonly Option<string> _config = Flags.Text("--config", "FILE", "A YAML file of settings, over the preset's.");
    private readonly Option<string> _method = Flags.Choice("--method", "How embeddings are clustered.", [.. SettingsNames.All(typeof(ClusteringMethod))]);
    private readonly Option<string> _stage = Flags.Choice("--stage", "One stage, or all three; volumes-3d is a baseline and no part of them.", [.. StageName.Single, AllStages]);
    private readonly Option<string> _weights = Flags.Text("--weights", "FILE|scratch", "Weights to start from: a file, the folder of a run, or scratch.");
    private readonly Option<string[]> _set = new("--set") { Description = "Single settings, over everything else.", HelpName = "key=value...", AllowMultipleArgumentsPerToken = true };
    private readonly Option<long?> _seed = Flags.Whole("--seed", "N", "Seed of every random draw.", least: 0);
    private readonly Option<string> _device = Flags.Device();
    private readonly Option<string> _precision = Flags.Precision();
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the run in the folder, or start it." };

    public PretrainVerb()
        : base("pretrain", "Learn from prepared stores without labels: stages slices, masked, volumes.")
    {
        foreach (var option in new Option[] { _data, _out, _preset, _config, _method, _stage, _weights, _set, _seed, _device, _precision, _resume })
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        var request = new PretrainRequest
        {
            Settings = Settings(invocation),
            Stores = invocation.Required(_data),
            RunFolder = invocation.Required(_out),
            Stage = invocation.Value(_stage) is { } stage && stage != AllStages ? stage : null,
            Weights = invocation.Value(_weights),
            Device = invocation.Value(_device)!,
            Precision = invocation.Value(_precision) is { } precision ? SettingsNames.Parse<Precision>(precision)!.Value : Precision.Auto,
            Resume = invocation.Value(_resume),
            Command = CommandText.From(invocation.Words),
        };
        invocation.WithProgress(observer =>
        {
            Pretraining.Run(request, observer, invocation.Cancellation);
            return true;
        });
        invocation.Out.WriteLine(RunReport.Write(request.RunFolder));
        return ExitCode.Done;
    }

    private PretrainSettings Settings(Invocation invocation)
    {
        var layers = new List<SettingsLayer>();
        if (invocation.Value(_config) is { } config)
            layers.Add(SettingsLayer.FromFile(config));
        if (invocation.Value(_method) is { } method)
            layers.Add(SettingsLayer.FromValue("--method", "method", method));
        if (invocation.Value(_seed) is { } seed)
            layers.Add(SettingsLayer.FromValue("--seed", "seed", seed.ToString(CultureInfo.InvariantCulture)));
        layers.AddRange((invocation.Value(_set) ?? []).Select(SettingsLayer.FromAssignment));
        return Presets.Resolve(invocation.Value(_preset), layers);
    }
}
