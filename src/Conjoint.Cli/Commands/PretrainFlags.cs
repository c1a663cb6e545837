using System.CommandLine;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training;
using Conjoint.Training.Settings;

namespace Conjoint.Cli.Commands;

/// <summary>The flags of <c>conjoint pretrain</c>.</summary>
internal sealed class PretrainFlags
{
    private const string AllStages = "all";

    private readonly Option<string[]> _data = Flags.PathList("--data", "STORE", "Stores to learn from; labels are not looked at.");
    private readonly Option<string> _out = Flags.Text("--out", "RUN", "The run's folder.", required: true);
    private readonly Option<string> _preset = Flags.Text("--preset", string.Join('|', Presets.Names), "A named set of settings; paper without it.");
    private readonly Option<string> _config = Flags.Config();
    private readonly Option<string> _method = Flags.Choice("--method", "How embeddings are clustered.", [.. SettingsNames.All(typeof(ClusteringMethod))]);
    private readonly Option<string> _stage = Flags.Choice("--stage", "The stage to run; all of them without it.", "slices", "masked", "volumes", AllStages);
    private readonly Option<string> _weights = Flags.Text("--weights", "FILE", "Weights to start from: a file or the folder of a run.");
    private readonly Option<string[]> _set = Flags.Set();
    private readonly Option<long?> _seed = Flags.Whole("--seed", "N", "Seed of every random draw.", least: 0);
    private readonly Option<string> _device = Flags.Device();
    private readonly Option<string> _precision = Flags.Choice("--precision", "Number format of the heavy operations.", [.. SettingsNames.All(typeof(Precision))]);
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the run in the folder; start where there is none." };

    /// <summary>Gives the flags to the verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _data, _out, _preset, _config, _method, _stage, _weights, _set, _seed, _device, _precision, _resume })
            command.Add(option);
    }

    /// <summary>What was asked.</summary>
    /// <exception cref="ConfigurationException">Settings that cannot be used.</exception>
    public PretrainOptions Read(Invocation invocation)
    {
        var layers = new List<SettingsLayer>();
        if (invocation.Value(_config) is { } config)
            layers.Add(SettingsLayer.FromFile(config));
        foreach (var (option, key) in new (Option, string)[] { (_method, "method"), (_seed, "seed") })
        {
            if (invocation.WrittenValue(option) is { } value)
                layers.Add(SettingsLayer.FromValue(option.Name, key, value));
        }

        layers.AddRange((invocation.Value(_set) ?? []).Select(SettingsLayer.FromAssignment));
        return new PretrainOptions
        {
            Data = invocation.Required(_data),
            Out = invocation.Required(_out),
            Settings = Presets.Resolve(invocation.Value(_preset), layers),
            Stage = invocation.Value(_stage) is { } stage and not AllStages ? stage : null,
            Weights = invocation.Value(_weights),
            Device = invocation.Value(_device)!,
            Precision = invocation.Value(_precision) is { } precision ? SettingsNames.Parse<Precision>(precision)!.Value : Precision.Auto,
            Resume = invocation.Value(_resume),
        };
    }
}
