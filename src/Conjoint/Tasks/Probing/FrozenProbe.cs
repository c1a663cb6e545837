using System.Globalization;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.Embeddings;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.ReportData;

namespace Conjoint.Tasks.Probing;

/// <summary>
/// Tells without fine-tuning whether a pre-training learned anything: a linear and a k-NN probe of the frozen encoders' features, beside
/// the same probes of an untrained encoder, the pixels and the grey values.
/// </summary>
/// <remarks>
/// Equal settings, store and weights give equal bits on one machine with one number of threads, as long as no other thread draws from
/// libtorch's generator.
/// </remarks>
public sealed class FrozenProbe
{
    private readonly ProbeSettings _settings;

    /// <summary>Takes the settings.</summary>
    /// <param name="settings">What to probe, and how.</param>
    /// <exception cref="ConfigurationException">They can't work together.</exception>
    public FrozenProbe(ProbeSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        _settings = settings;
    }

    /// <summary>Probes, and writes the run's folder: configuration, metrics, report data, and the features where they are wanted.</summary>
    /// <param name="store">A store with labelled training and test cases.</param>
    /// <param name="weights"><c>scratch</c>, a weights file, or the folder of a finished run.</param>
    /// <param name="runFolder">Where everything goes; made when missing.</param>
    /// <param name="writeFeatures">Whether to write every case's features, see <see cref="FeatureFiles"/>.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Stops between cases; no metrics are written then.</param>
    /// <exception cref="InputDataException">The store, the table or the weights can't be used for this.</exception>
    /// <exception cref="ConfigurationException">The settings don't fit the store, or the folder holds a run.</exception>
    public ProbeResult Run(
        PreparedStore store, string weights, string runFolder, bool writeFeatures = false, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        observer ??= SilentObserver.Instance;
        var folder = new RunFolder(runFolder);
        if (File.Exists(folder.Metrics))
            throw new ConfigurationException($"{runFolder}: holds a run already; expected another folder.");
        var cases = ProbeCases.Select(store, _settings);
        var features = new FeatureSource(store, cases, _settings.MaxSlices, observer, cancellation);
        using var trained = Open(store, weights, features.IsVolume, observer);
        foreach (var overlap in TrainingContent.Overlaps(weights == WeightsSource.Scratch ? null : weights, [.. cases.Validation, .. cases.Test], store.Folder))
            observer.Warn(overlap);
        observer.Log($"{cases.TrainSubjects} labelled subjects, {cases.Train.Count} cases, {cases.Validation.Count} for validation{(cases.CanChoose ? "" : " (training subjects choose strength and k, each by the others)")}, {cases.Test.Count} of the split {_settings.Split} to be scored; "
            + (cases.Classes.Count == 0 ? "a number is told" : $"classes {string.Join(", ", cases.Classes)}"));
        OutputFolder.Create(folder.Path);
        var files = writeFeatures ? FeatureFiles.Begin(folder, cases) : null;

        var scoring = new ProbeScoring(cases, _settings.Neighbours);
        var scores = new List<ProbeScore>();
        foreach (var (name, values) in All(features, trained))
        {
            if (values.Index().FirstOrDefault(v => !v.Item.All(float.IsFinite)) is { Item: not null } strange)
                throw new InputDataException(weights, $"its features '{name}' of case {cases.All.ElementAt(strange.Index).Id} aren't finite numbers; expected weights of a training that didn't diverge, and a store without such values.");
            files?.Write(name, values);
            var (first, second) = (cases.Train.Count, cases.Train.Count + cases.Validation.Count);
            scores.AddRange(scoring.Of(name, values[..first], values[first..second], values[second..]));
            foreach (var score in scores.TakeLast(2))
                observer.Log(score.ToString());
        }

        var result = new ProbeResult(
            _settings.Split, cases.TrainSubjects, cases.Train.Count, cases.CanChoose ? cases.Validation.Count : 0, cases.Test.Count, cases.Classes,
            cases.Classes.Count == 2 ? cases.Classes[cases.Positive] : null, scoring.Compare(scores));
        Write(folder, store, weights, cases, trained.Embedder, result);
        return result;
    }

    /// <summary>The encoders that are asked about; without weights only untrained ones.</summary>
    private sealed record Encoders(Embedder Embedder, bool IsTrained, bool HasVolumes) : IDisposable
    {
        public void Dispose() => Embedder.Dispose();
    }

    private Encoders Open(PreparedStore store, string weights, bool isVolume, IRunObserver observer)
    {
        if (WeightsSource.Find(weights) is null)
        {
            var input = _settings.Input ?? InputNormalisation.Plain;
            return new Encoders(Embedder.Untrained(_settings.Encoder, isVolume ? _settings.VolumeEncoder : null, input, _settings.Seed, _settings.Device), IsTrained: false, isVolume);
        }

        var embedder = Embedder.Open(weights, _settings.Device);
        foreach (var report in embedder.Loaded)
            observer.Log($"{weights}: {report}");
        if (embedder.Input.Scale != InputScale.Released && Scaling.Of(embedder.Input) != Scaling.Of(store))
            observer.Warn("The store was prepared with another normalisation, window, percentiles or grid than the weights were trained with; prepare it again with the same ones to get the most out of them.");
        return new Encoders(embedder, IsTrained: true, isVolume && embedder.VolumeWidth is not null);
    }

    /// <summary>Every kind of features, one after the other, so that only some lie in memory.</summary>
    private IEnumerable<(string Name, float[][] Values)> All(FeatureSource features, Encoders encoders)
    {
        if (encoders.IsTrained)
        {
            foreach (var set in features.Encoded(encoders.Embedder, encoders.HasVolumes, ProbeFeatureNames.Slices, ProbeFeatureNames.Volume))
                yield return set;
        }

        using var untrained = encoders.IsTrained ? encoders.Embedder.Untrained(_settings.Seed) : null;
        foreach (var set in features.Encoded(untrained ?? encoders.Embedder, encoders.HasVolumes, ProbeFeatureNames.UntrainedSlices, ProbeFeatureNames.UntrainedVolume))
            yield return set;
        yield return (ProbeFeatureNames.Pixels, features.Pixels());
        yield return (ProbeFeatureNames.Histogram, features.Histogram());
    }

    private void Write(RunFolder folder, PreparedStore store, string weights, ProbeCases cases, Embedder embedder, ProbeResult result)
    {
        AtomicFile.WriteText(folder.Config, SettingsWriter.Write(new ProbeConfiguration { Data = store.Folder, Weights = weights, Settings = _settings with { Input = embedder.Input } }));
        ReportFiles.Write(folder, new RunSummary
        {
            Title = "Probe of frozen weights",
            Seed = _settings.Seed,
            Versions = new Dictionary<string, string> { ["Conjoint"] = ConjointVersion.Current, [".NET"] = Environment.Version.ToString() },
            Facts = new Dictionary<string, string>
            {
                ["told"] = _settings.Target ?? "class",
                ["labelled subjects"] = cases.TrainSubjects.ToString(CultureInfo.InvariantCulture),
                ["cases"] = string.Create(CultureInfo.InvariantCulture, $"{cases.Train.Count} for training, {cases.Validation.Count} for validation, {cases.Test.Count} scored (split {_settings.Split})"),
                ["slices of a volume"] = string.Create(CultureInfo.InvariantCulture, $"at most {_settings.MaxSlices}"),
            },
        });
        ReportFiles.Write(folder, new Training.ReportData.DataSummary { DataSets = DataSetSummary.Of(cases.All), ClassNames = cases.Classes.Index().ToDictionary(c => c.Index, c => c.Item) });
        using var log = RunLog.Create(folder);
        foreach (var score in result.Probes)
        {
            foreach (var probed in score.Cases)
                log.Write(ProbeLines.Case(_settings.Split, score, probed, cases.Classes.Count > 0));
            log.Write(ProbeLines.Summary(_settings.Split, score));
        }
    }
}

/// <summary>What a probe's <c>config.yaml</c> holds.</summary>
internal sealed record ProbeConfiguration
{
    /// <summary>The word for this kind of run.</summary>
    public string Task { get; init; } = "probe";

    /// <summary>The store.</summary>
    public required string Data { get; init; }

    /// <summary><c>scratch</c>, a weights file or a run's folder.</summary>
    public required string Weights { get; init; }

    /// <summary>Everything else.</summary>
    public required ProbeSettings Settings { get; init; }
}
