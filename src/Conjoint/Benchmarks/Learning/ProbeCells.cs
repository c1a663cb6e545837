using Conjoint.Benchmarks.Cells;
using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.Embeddings;
using Conjoint.Tasks.Metrics;
using Conjoint.Tasks.Probing;

namespace Conjoint.Benchmarks.Learning;

/// <summary>The probes: a ridge regression on frozen features, fitted on training subjects and scored on the others.</summary>
internal sealed class ProbeCells(LearningSettings settings, LearningData data, PretrainingCells pretrainings)
{
    /// <summary>The probes that the data allow.</summary>
    public IReadOnlyList<ProbeTask> Tasks { get; } = ProbeTask.Of(data, settings);

    /// <summary>A cell.</summary>
    /// <param name="task">The probe.</param>
    /// <param name="source">One of <see cref="ProbeSource"/>.</param>
    /// <param name="seed">Seed of the encoder; null where there is none.</param>
    /// <param name="pretraining">The encoder's pre-training; null where there is none.</param>
    public Cell Cell(ProbeTask task, string source, int? seed, Cell? pretraining)
    {
        var preset = settings.Pretraining(LearningArm.All, 0);
        var text = FormattableString.Invariant($"{source} {seed} {settings.ProbeSlices} {settings.ProbeVolumeSlices}\n")
            + (source == ProbeSource.Untrained ? SettingsWriter.WriteChanged(preset.SliceEncoder) + SettingsWriter.WriteChanged(preset.VolumeEncoder) + SettingsWriter.WriteChanged(preset.Input) + preset.Volumes.Size : "")
            + TableStores.CasesText(task.Train) + TableStores.CasesText(task.Test);
        return new Cell
        {
            Id = $"probe/{task.Name.Replace(' ', '-')}/{source}" + (seed is { } s ? FormattableString.Invariant($"/seed{s}") : ""),
            Needs = pretraining is null ? [] : [pretraining],
            Settings = needs => text + string.Concat(needs.Select(n => n.Digest)),
            Compute = work => Compute(task, source, seed ?? 0, work),
        };
    }

    private CellOutcome Compute(ProbeTask task, string source, int seed, CellWork work)
    {
        using var embedder = Open(source, seed, work);
        var train = Samples(task, task.Train, source, embedder, work.Cancellation);
        var test = Samples(task, task.Test, source, embedder, work.Cancellation);
        var probe = RidgeRegression.Fit(train.Features, train.Targets, train.Subjects);
        double[] predicted = [.. test.Features.Select(probe.Predict)];
        var numbers = new Dictionary<string, double> { ["train"] = train.Targets.Count, ["test"] = test.Targets.Count, ["strength"] = probe.Strength };
        if (task.Score == "auc")
        {
            numbers["auc"] = RocCurve.Auc(predicted, [.. test.Targets.Select(t => t > 0)]);
        }
        else
        {
            var mean = test.Targets.Average();
            numbers["r2"] = 1 - test.Targets.Zip(predicted, (t, p) => (t - p) * (t - p)).Sum() / test.Targets.Sum(t => (t - mean) * (t - mean));
            numbers["mean_error"] = test.Targets.Zip(predicted, (t, p) => Math.Abs(t - p)).Average();
        }

        return new CellOutcome(numbers);
    }

    private Embedder? Open(string source, int seed, CellWork work)
    {
        if (work.Needs is [var pretraining])
            return Embedder.Open(pretrainings.Run(source, seed, pretraining.Digest).Path, settings.Device);
        if (source != ProbeSource.Untrained)
            return null;
        var preset = settings.Pretraining(LearningArm.All, 0);
        var input = new InputNormalisation { Size = preset.Volumes.Size, Mean = preset.Input.Mean, Std = preset.Input.Std };
        return Embedder.Untrained(preset.SliceEncoder, preset.VolumeEncoder, input, seed, settings.Device);
    }

    private sealed record SampleSet(List<float[]> Features, List<double> Targets, List<string> Subjects);

    private SampleSet Samples(ProbeTask task, IReadOnlyList<StoreCase> cases, string source, Embedder? embedder, CancellationToken cancellation)
    {
        var set = new SampleSet([], [], []);
        var looked = new ProbeFeatures(task.Store, task.IsVolume);
        foreach (var storeCase in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            var slices = task.Slices(storeCase, settings);
            var features = source switch
            {
                ProbeSource.Pixels => looked.Pixels(storeCase, slices),
                ProbeSource.Histogram => looked.Histogram(storeCase, slices),
                _ => looked.Encoded(embedder!, withVolumes: source != ProbeSource.Slices, storeCase, slices),
            };
            for (var i = 0; i < features.Length; i++)
            {
                set.Features.Add(features[i]);
                // The place between the first and the last slice, or which of two classes.
                set.Targets.Add(task.Score == "auc" ? (storeCase.Label == 1 ? 1 : -1) : slices[i] / (storeCase.Slices - 1.0));
                set.Subjects.Add(storeCase.Subject);
            }
        }

        return set;
    }
}
