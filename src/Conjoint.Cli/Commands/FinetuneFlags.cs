using System.CommandLine;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Cli.Commands;

/// <summary>The flags that every task of <c>conjoint finetune</c> has.</summary>
/// <param name="store">What the store has to hold.</param>
/// <param name="labels">What a data set's labels are, in the plural.</param>
/// <param name="sample">What a batch is made of.</param>
internal sealed class FinetuneFlags(string store, string labels, string sample)
{
    private readonly Option<string> _labels = Flags.Text("--labels", "COUNT|PERCENT%", "Labelled training subjects to use: a count, a share, or all.");
    private readonly Option<string> _dataset = Flags.Text("--dataset", "NAME", $"The data set whose {labels} to learn, where the store has {labels} of several.");
    private readonly Option<long?> _epochs = Flags.Whole("--epochs", "N", $"Times that every training {sample} is seen.", least: 1);
    private readonly Option<long?> _steps = Flags.Whole("--steps", "N", "Optimiser steps, in place of epochs.", least: 1);
    private readonly Option<long?> _batch = Flags.Whole("--batch", "N", $"{char.ToUpperInvariant(sample[0])}{sample[1..]}s in a batch.", least: 1);
    private readonly Option<string> _rate = Flags.Text("--learning-rate", "RATE", "The learning rate; without it, chosen on validation.");
    private readonly Option<string> _preset = Flags.Text("--preset", "NAME", "Whose encoder and input to build where the weights don't say.");
    private readonly Option<string> _config = Flags.Config();
    private readonly Option<string[]> _set = Flags.Set();
    private readonly Option<long?> _seed = Flags.Whole("--seed", "N", "Seed of the drawn subjects, first weights and order.", least: 0);
    private readonly Option<string> _device = Flags.Device();
    private readonly Option<string> _precision = Flags.Precision();

    /// <summary>The store.</summary>
    public Option<string> Data { get; } = Flags.Text("--data", "STORE", store, required: true);

    /// <summary>The first weights.</summary>
    public Option<string> Weights { get; } = Flags.Text("--weights", "FILE|scratch", "Weights to start from: a file, the folder of a run, or scratch.", required: true);

    /// <summary>The run's folder.</summary>
    public Option<string> Out { get; } = Flags.Text("--out", "RUN", "The run's folder.", required: true);

    /// <summary>Whether to go on with the run in the folder.</summary>
    public Option<bool> Resume { get; } = new("--resume") { Description = "Go on with the run in the folder." };

    /// <summary>Whether to print one JSON document.</summary>
    public Option<bool> Json { get; } = Flags.Json();

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [Data, Weights, Out, .. Training, Resume, Json];

    /// <summary>Those that say how to train.</summary>
    public IEnumerable<Option> Training => [_dataset, _labels, _epochs, _steps, _batch, _rate, _preset, _config, _set, _seed, _device, _precision];

    /// <summary>Preset, file, flags, single settings: each over those before.</summary>
    /// <typeparam name="TSettings">The task's settings.</typeparam>
    /// <param name="invocation">The call.</param>
    /// <param name="preset">The part of a pre-training preset that the task builds on, as a record with the keys of its settings.</param>
    /// <param name="own">Flags of this task alone, with their keys.</param>
    public TSettings Settings<TSettings>(Invocation invocation, Func<string, object> preset, params IEnumerable<(Option Option, string Key)> own)
        where TSettings : FineTuneSettings
    {
        var layers = new List<SettingsLayer>();
        if (invocation.Value(_preset) is { } name)
            layers.Add(SettingsLayer.FromText($"preset {name}", SettingsWriter.Write(preset(name))));
        if (invocation.Value(_config) is { } config)
            layers.Add(SettingsLayer.FromFile(config));
        foreach (var (option, key) in Keys.Concat(own))
        {
            if (invocation.WrittenValue(option) is { } value)
                layers.Add(SettingsLayer.FromValue(option.Name, key, value));
        }

        layers.AddRange((invocation.Value(_set) ?? []).Select(SettingsLayer.FromAssignment));
        return SettingsBinder.Bind<TSettings>(layers);
    }

    private IEnumerable<(Option Option, string Key)> Keys =>
    [
        (_dataset, "dataset"), (_labels, "labels"), (_epochs, "epochs"), (_steps, "steps"), (_batch, "batch"), (_rate, "learning_rate"),
        (_seed, "seed"), (_device, "device"), (_precision, "precision"),
    ];
}
