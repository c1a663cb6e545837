using System.Globalization;
using Conjoint.Runtime;
using Conjoint.Training;
using Conjoint.Training.ReportData;

namespace Conjoint.Tasks.FineTuning;

/// <summary>A whole fine-tuning in its folder, from the configuration to the test scores.</summary>
internal static class FineTuneRun
{
    /// <summary>Runs it, or goes on with it.</summary>
    /// <param name="context">What it is given.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="weights">The first weights as the user named them.</param>
    /// <param name="resume">Whether to go on with the checkpoint in the folder.</param>
    /// <returns>The weights that were kept, and a score a test case.</returns>
    /// <exception cref="ConfigurationException">The folder holds another run.</exception>
    /// <exception cref="TrainingDivergedException">The loss stopped being finite.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop; a checkpoint is written.</exception>
    public static (BestWeights Best, IReadOnlyList<TScore> Test) Run<TModel, TBatch, TScore>(
        FineTuneContext context, IFineTuneTask<TModel, TBatch, TScore> task, string weights, bool resume)
        where TModel : class, IFineTuneModel
        where TBatch : class, IDisposable
        where TScore : class
    {
        var job = new FineTuneJob<TModel, TBatch, TScore>(context, task);
        foreach (var overlap in TrainingContent.Overlaps(context.Weights is null ? null : weights, [.. task.Cases.Validation, .. task.Cases.Test], context.Store.Folder))
            context.Observer.Warn(overlap);
        RunFolder.Create(context.Folder.Path);
        using var progress = FineTuneProgress<TScore>.Open(context, job.Fingerprint, resume);
        var state = progress.State;
        if (state is { Phase: FineTunePhase.Train, Trial: 0, Step: 0 })
        {
            AtomicFile.WriteText(context.Folder.Config, task.Configuration(weights));
            TrainingContent.Write(context.Folder, "fine-tuning", task.Cases.Train, context.Weights is null ? null : weights);
            Describe(context, task.Title, task.Cases, task.ClassNames);
        }

        if (state.Phase == FineTunePhase.Train)
        {
            new FineTuneTraining<TModel, TBatch, TScore>(job, progress).Run();
            // The weights first: a checkpoint that says "test" has to find them.
            WeightsFile.Write(context.Folder.Weights, progress.Best, job.Card());
            state.Phase = FineTunePhase.Test;
            progress.Save([]);
        }

        if (state.Phase == FineTunePhase.Test)
        {
            FineTuneTest.Run(job, progress);
            state.Phase = FineTunePhase.Done;
            progress.Save([]);
        }

        return (state.Best!, state.Pending!);
    }

    private static void Describe(FineTuneContext context, string title, LabelledCases cases, IReadOnlyDictionary<int, string> classNames)
    {
        ReportFiles.Write(context.Folder, new RunSummary
        {
            Title = title,
            Seed = context.Settings.Seed,
            Versions = new Dictionary<string, string> { ["Conjoint"] = ConjointVersion.Current, [".NET"] = Environment.Version.ToString() },
            Facts = new Dictionary<string, string>
            {
                ["first weights"] = context.Weights is null ? WeightsSource.Scratch : $"{context.Weights.Card?.Method ?? "unknown"}, stage {context.Weights.Card?.Stage ?? "unknown"}",
                ["labelled subjects"] = cases.TrainSubjects.ToString(CultureInfo.InvariantCulture),
                ["device"] = context.Device.ToString(),
            },
        });
        ReportFiles.Write(context.Folder, new Training.ReportData.DataSummary
        {
            DataSets = DataSetSummary.Of(cases.All),
            ClassNames = classNames,
        });
    }
}
