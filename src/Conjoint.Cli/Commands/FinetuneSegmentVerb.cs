using System.CommandLine;
using Conjoint.Data;
using Conjoint.Reporting;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.Segmentation;

namespace Conjoint.Cli.Commands;

/// <summary><c>conjoint finetune segment</c>: a segmenter from few labelled cases.</summary>
internal sealed class FinetuneSegmentVerb : Verb
{
    private readonly Option<string> _data = Flags.Text("--data", "STORE", "A store with masks.", required: true);
    private readonly Option<string> _weights = Flags.Text("--weights", "FILE|scratch", "Weights to start from: a file, the folder of a run, or scratch.", required: true);
    private readonly Option<string> _out = Flags.Text("--out", "RUN", "The run's folder.", required: true);
    private readonly Option<string> _dataset = Flags.Text("--dataset", "NAME", "The data set whose masks to learn, where the store has masks of several.");
    private readonly Option<string> _labels = Flags.Text("--labels", "COUNT|PERCENT%", "Labelled training subjects to use: a count, a share, or all.");
    private readonly Option<long?> _epochs = Flags.Whole("--epochs", "N", "Times that every training slice is seen.", least: 1);
    private readonly Option<long?> _steps = Flags.Whole("--steps", "N", "Optimiser steps, in place of epochs.", least: 1);
    private readonly Option<long?> _batch = Flags.Whole("--batch", "N", "Slices in a batch.", least: 1);
    private readonly Option<string> _rate = Flags.Text("--learning-rate", "RATE", "The learning rate; without it, chosen on validation.");
    private readonly Option<string> _preset = Flags.Text("--preset", "NAME", "Whose encoder and input to build where the weights don't say.");
    private readonly Option<string> _config = Flags.Config();
    private readonly Option<string[]> _set = Flags.Set();
    private readonly Option<long?> _seed = Flags.Whole("--seed", "N", "Seed of the drawn subjects, first weights and order.", least: 0);
    private readonly Option<string> _device = Flags.Device();
    private readonly Option<string> _precision = Flags.Precision();
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the run in the folder." };
    private readonly Option<bool> _json = Flags.Json();

    public FinetuneSegmentVerb()
        : base("segment", "Train a segmenter from labelled cases, and score it on the test cases.")
    {
        foreach (var option in new Option[] { _data, _weights, _out, _dataset, _labels, _epochs, _steps, _batch, _rate, _preset, _config, _set, _seed, _device, _precision, _resume, _json })
            Add(option);
    }

    public override int Run(Invocation invocation)
    {
        var run = invocation.Required(_out);
        var training = new SegmentationFineTuning(Settings(invocation));
        using var store = PreparedStore.Open(invocation.Required(_data));
        var result = invocation.WithProgress(observer =>
            training.Run(store, invocation.Required(_weights), run, invocation.Value(_resume), observer, invocation.Cancellation));
        var report = RunReport.Write(run);

        if (invocation.Value(_json))
        {
            JsonOutput.Write(invocation.Out, result);
            return ExitCode.Done;
        }

        invocation.Out.Write(ScoreText.Of(result.Summary, Split.Test));
        invocation.Out.WriteLine(report);
        return ExitCode.Done;
    }

    /// <summary>Preset, file, flags, single settings: each over those before.</summary>
    private FineTuneSettings Settings(Invocation invocation)
    {
        var layers = new List<SettingsLayer>();
        if (invocation.Value(_preset) is { } preset)
            layers.Add(SettingsLayer.FromText($"preset {preset}", SettingsWriter.Write(PresetEncoder.Of(preset))));
        if (invocation.Value(_config) is { } config)
            layers.Add(SettingsLayer.FromFile(config));
        foreach (var (option, key) in new (Option, string)[] { (_dataset, "dataset"), (_labels, "labels"), (_epochs, "epochs"), (_steps, "steps"), (_batch, "batch"), (_rate, "learning_rate"), (_seed, "seed"), (_device, "device"), (_precision, "precision") })
        {
            if (invocation.WrittenValue(option) is { } value)
                layers.Add(SettingsLayer.FromValue(option.Name, key, value));
        }

        layers.AddRange((invocation.Value(_set) ?? []).Select(SettingsLayer.FromAssignment));
        return SettingsBinder.Bind<FineTuneSettings>(layers);
    }
}
