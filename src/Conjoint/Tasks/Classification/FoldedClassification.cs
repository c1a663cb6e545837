using System.Globalization;
using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Metrics;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.ReportData;

namespace Conjoint.Tasks.Classification;

/// <summary>
/// Cross-validation by the folds of a data set's owners, as LUNA16's ten: a fine-tuning for each fold, and the scores of all test folds
/// together, each case told by the one net that has not seen its fold.
/// </summary>
/// <remarks>Equal bits as <see cref="ClassificationFineTuning"/>, interrupted or not.</remarks>
public sealed class FoldedClassification
{
    private readonly ClassificationSettings _settings;

    /// <summary>Takes the settings.</summary>
    /// <param name="settings">How to train; without a fold.</param>
    /// <exception cref="ConfigurationException">They can't work together.</exception>
    public FoldedClassification(ClassificationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        if (settings.Fold is { } fold)
            throw new ConfigurationException($"fold: received {fold} together with all folds; expected one of them.");
        _settings = settings;
    }

    /// <summary>Trains and tests on every fold in <c>RUN/foldN</c>, and writes the pooled scores and report data to the run's folder.</summary>
    /// <param name="store">A store with labelled cases, or candidates, of at least three folds.</param>
    /// <param name="weights"><c>scratch</c>, a weights file, or the folder of a finished run.</param>
    /// <param name="runFolder">Where everything goes; made when missing.</param>
    /// <param name="resume">Goes on where it was stopped; finished folds aren't done again.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Asks to stop after the current step or case.</param>
    /// <exception cref="Imaging.InputDataException">The store or the weights can't be used for this.</exception>
    /// <exception cref="ConfigurationException">The settings don't fit the store or one of its folds, or the folder holds another run.</exception>
    /// <exception cref="TrainingDivergedException">The loss stopped being finite.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop; a checkpoint is written.</exception>
    public FoldedClassificationResult Run(
        PreparedStore store, string weights, string runFolder, bool resume = false, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        observer ??= SilentObserver.Instance;
        var folder = new RunFolder(runFolder);
        if (Directory.Exists(folder.Checkpoints))
            throw new ConfigurationException($"{runFolder}: holds a run of one net; expected another folder for all folds.");
        if (File.Exists(folder.Metrics) && !resume)
            throw new ConfigurationException($"{runFolder}: holds a run already; expected --resume to go on with it, or another folder.");
        var labelled = ClassificationCases.Labelled(store, _settings.Dataset, _settings.CubeMm);
        var folds = CaseFolds.Numbers(labelled);
        if (folds.Count < 3)
            throw new ConfigurationException($"fold: the labelled cases of {store.Folder} are of {folds.Count} folds; expected at least three, for training, validation and test.");
        // What a fold lacks is told now, and not after the hours of those before it.
        foreach (var fold in folds)
            _ = ClassificationCases.Select(store, _settings with { Fold = fold });

        var runs = new List<(int Fold, ClassificationResult Result)>();
        foreach (var fold in folds)
        {
            cancellation.ThrowIfCancellationRequested();
            observer.Log($"fold {fold}: {runs.Count + 1} of {folds.Count}");
            runs.Add((fold, new ClassificationFineTuning(_settings with { Fold = fold }).Run(store, weights, FolderOf(runFolder, fold), resume, observer, cancellation)));
        }

        ClassifierSettings classifier;
        using (var first = Classifier.Open(FolderOf(runFolder, folds[0]), "cpu"))
            classifier = first.Settings;
        ClassifiedCase[] pooled = [.. runs.SelectMany(run => run.Result.Test)];
        var ofFolds = MeanStd.Of(runs.Select(run => run.Result.Summary.Auc));
        var result = new FoldedClassificationResult(
            [.. runs.Select(run => new ClassifiedFold(run.Fold, run.Result.LearningRate, run.Result.Step, run.Result.ValidationAuc, run.Result.Test.Count, run.Result.Summary.Auc))],
            classifier.Classes, ofFolds.Mean, ofFolds.Std, pooled, ClassificationSummary.Of(pooled, classifier));
        Write(folder, store, weights, labelled, classifier, runs, result);
        observer.Log($"all folds: {result.Summary}");
        return result;
    }

    private static string FolderOf(string runFolder, int fold) => Path.Combine(runFolder, string.Create(CultureInfo.InvariantCulture, $"fold{fold}"));

    private void Write(
        RunFolder folder, PreparedStore store, string weights, IReadOnlyList<StoreCase> labelled, ClassifierSettings classifier,
        IReadOnlyList<(int Fold, ClassificationResult Result)> runs, FoldedClassificationResult result)
    {
        AtomicFile.WriteText(folder.Config, SettingsWriter.Write(new FineTuneConfiguration<ClassificationSettings> { Task = FineTunedModel.Classify, Data = store.Folder, Weights = weights, Settings = _settings }));
        ReportFiles.Write(folder, new RunSummary
        {
            Title = "Fine-tuning: classification, all folds",
            Seed = _settings.Seed,
            Versions = new Dictionary<string, string> { ["Conjoint"] = ConjointVersion.Current, [".NET"] = Environment.Version.ToString() },
            Facts = new Dictionary<string, string>
            {
                ["folds"] = string.Join(", ", runs.Select(run => run.Fold)),
                ["cases"] = "each by the net that has not seen its fold",
            },
        });
        var scored = labelled.Where(c => c.Fold is not null).Select(c => c with { Split = Split.Test });
        ReportFiles.Write(folder, new Training.ReportData.DataSummary { DataSets = DataSetSummary.Of(scored), ClassNames = classifier.Classes.Index().ToDictionary(c => c.Index, c => c.Item) });
        using var log = RunLog.Create(folder);
        foreach (var (fold, run) in runs)
        {
            foreach (var score in run.Test)
                log.Write(ClassificationLines.Case(Split.Test, score).Add("fold", (long)fold));
        }

        log.Write(ClassificationLines.Pooled(result, classifier.Positive));
    }
}

/// <summary>What a cross-validation came to.</summary>
/// <param name="Folds">Every fold.</param>
/// <param name="Classes">Names of the classes, in the order of the probabilities.</param>
/// <param name="AucMean">Mean of the folds' areas under the ROC curve; a fold of one class has none.</param>
/// <param name="AucStd">Their standard deviation (n − 1).</param>
/// <param name="Test">Every case of every fold, by the net that has not seen it.</param>
/// <param name="Summary">All of them summed up together.</param>
public sealed record FoldedClassificationResult(
    IReadOnlyList<ClassifiedFold> Folds, IReadOnlyList<string> Classes, double AucMean, double AucStd, IReadOnlyList<ClassifiedCase> Test, ClassificationSummary Summary);

/// <summary>One fold of a cross-validation.</summary>
/// <param name="Fold">Its number.</param>
/// <param name="LearningRate">The rate that was given, or the chosen one.</param>
/// <param name="Step">After how many steps the kept weights were taken.</param>
/// <param name="ValidationAuc">Area under the ROC curve on the next fold; NaN where there is none.</param>
/// <param name="Cases">Cases of the fold.</param>
/// <param name="Auc">Area under the ROC curve on them; NaN where they are of one class.</param>
public sealed record ClassifiedFold(int Fold, double LearningRate, long Step, double ValidationAuc, int Cases, double Auc);
