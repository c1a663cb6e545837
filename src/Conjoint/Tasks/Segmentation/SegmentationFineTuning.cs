using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training;
using Conjoint.Training.ReportData;

namespace Conjoint.Tasks.Segmentation;

/// <summary>
/// Trains a 2D U-Net whose contracting path is the pre-trained slice encoder, with cross-entropy and Dice loss, and scores it:
/// the paper's "Downstream Task" for 2D and 3D segmentation.
/// </summary>
/// <remarks>
/// Equal settings, store and weights give equal bits on one machine with one number of threads, interrupted or not.
/// </remarks>
public sealed class SegmentationFineTuning
{
    private readonly FineTuneSettings _settings;
    private readonly LabelledSplit? _split;

    /// <summary>Takes the settings.</summary>
    /// <param name="settings">How to train.</param>
    /// <param name="split">Who to learn from and to be scored on; null: as the settings' labels and the store's splits say.</param>
    /// <exception cref="ConfigurationException">They can't work together.</exception>
    public SegmentationFineTuning(FineTuneSettings settings, LabelledSplit? split = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        string[] faults = [.. settings.Problems().Select(p => $"{p.Key}: {p.Message}")];
        if (faults.Length > 0)
            throw new ConfigurationException(faults);
        (_settings, _split) = (settings, split);
    }

    /// <summary>Trains, tests, and writes the run's folder: configuration, metrics, checkpoints, weights and report data.</summary>
    /// <param name="store">A store with labelled cases.</param>
    /// <param name="weights"><c>scratch</c>, a weights file, or the folder of a finished run.</param>
    /// <param name="runFolder">Where everything goes; made when missing.</param>
    /// <param name="resume">Goes on with the checkpoint in the folder; starts where there is none, does nothing where the run is finished.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Asks to stop after the current step or case.</param>
    /// <exception cref="InputDataException">The store or the weights can't be used for this.</exception>
    /// <exception cref="ConfigurationException">The settings don't fit the store, or the folder holds another run.</exception>
    /// <exception cref="TrainingDivergedException">The loss stopped being finite.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop; a checkpoint is written.</exception>
    public FineTuneResult Run(
        PreparedStore store, string weights, string runFolder, bool resume = false, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        using var source = WeightsSource.Open(weights);
        var job = new FineTuneJob(_settings, store, source, _split, new RunFolder(runFolder), observer ?? SilentObserver.Instance, cancellation);
        foreach (var overlap in TrainingContent.Overlaps(source is null ? null : weights, [.. job.Cases.Validation, .. job.Cases.Test], store.Folder))
            job.Observer.Warn(overlap);
        RunFolder.Create(runFolder);
        using var progress = FineTuneProgress.Open(job, resume);
        var state = progress.State;
        if (state is { Phase: FineTunePhase.Train, Trial: 0, Step: 0 })
            Describe(job, weights);

        if (state.Phase == FineTunePhase.Train)
        {
            new FineTuneTraining(job, progress).Run();
            // The weights first: a checkpoint that says "test" has to find them.
            WeightsFile.Write(job.Folder.Weights, progress.Best, job.Card());
            state.Phase = FineTunePhase.Test;
            progress.Save([]);
        }

        if (state.Phase == FineTunePhase.Test)
        {
            FineTuneTest.Run(job, progress);
            state.Phase = FineTunePhase.Done;
            progress.Save([]);
        }

        var best = state.Best!;
        return new FineTuneResult(best.LearningRate, best.Step, best.Dice, job.Cases.TrainSubjects, job.Cases.TrainSlices, state.Pending!);
    }

    private void Describe(FineTuneJob job, string weights)
    {
        AtomicFile.WriteText(job.Folder.Config, SettingsWriter.Write(
            new FineTuneConfiguration { Data = job.Store.Folder, Weights = weights, Settings = _settings with { Input = job.Input, Encoder = job.Encoder } }));
        TrainingContent.Write(job.Folder, "fine-tuning", job.Cases.Train, job.Weights is null ? null : weights);
        ReportFiles.Write(job.Folder, new RunSummary
        {
            Title = "Fine-tuning: segmentation",
            Seed = _settings.Seed,
            Versions = new Dictionary<string, string> { ["Conjoint"] = ConjointVersion.Current, [".NET"] = Environment.Version.ToString() },
            Facts = new Dictionary<string, string>
            {
                ["first weights"] = job.Weights is null ? WeightsSource.Scratch : $"{job.Weights.Card?.Method ?? "unknown"}, stage {job.Weights.Card?.Stage ?? "unknown"}",
                ["labelled subjects"] = job.Cases.TrainSubjects.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["device"] = job.Device.ToString(),
            },
        });
        ReportFiles.Write(job.Folder, new Training.ReportData.DataSummary
        {
            DataSets = [.. AllCases(job).GroupBy(c => c.Dataset).OrderBy(g => g.Key, StringComparer.Ordinal).Select(Summary)],
            ClassNames = job.Cases.Map.Labels.ToDictionary(l => l, l => FormattableString.Invariant($"class {l}")),
        });
    }

    private static IEnumerable<StoreCase> AllCases(FineTuneJob job) => job.Cases.Train.Concat(job.Cases.Validation).Concat(job.Cases.Test);

    private static DataSetSummary Summary(IGrouping<string, StoreCase> cases) => new()
    {
        Name = cases.Key,
        Modality = string.Join(", ", cases.Select(c => c.Modality.ToString()).Distinct().Order(StringComparer.Ordinal)),
        Subjects = cases.Select(c => c.Subject).Distinct().Count(),
        Volumes = cases.Count(c => c.Kind == CaseKind.Volume),
        Images = cases.Count(c => c.Kind == CaseKind.Image),
        Slices = cases.Sum(c => (long)c.Slices),
        Train = cases.Count(c => c.Split == Split.Train),
        Validation = cases.Count(c => c.Split == Split.Validation),
        Test = cases.Count(c => c.Split == Split.Test),
    };
}
