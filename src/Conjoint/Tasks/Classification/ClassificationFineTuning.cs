using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;

namespace Conjoint.Tasks.Classification;

/// <summary>
/// Trains two fully connected layers on top of the pre-trained encoders, which learn too, with cross-entropy, and scores the result:
/// the paper's "Downstream Task" for 3D classification.
/// </summary>
/// <remarks>
/// Equal settings, store and weights give equal bits on one machine with one number of threads, interrupted or not, as long as no other
/// thread draws from libtorch's generator.
/// </remarks>
public sealed class ClassificationFineTuning
{
    private readonly ClassificationSettings _settings;
    private readonly LabelledSplit? _split;

    /// <summary>Takes the settings.</summary>
    /// <param name="settings">How to train.</param>
    /// <param name="split">Who to learn from and to be scored on, one of several folds for one; null: as the settings' labels and the store's splits say.</param>
    /// <exception cref="ConfigurationException">They can't work together.</exception>
    public ClassificationFineTuning(ClassificationSettings settings, LabelledSplit? split = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        (_settings, _split) = (settings, split);
    }

    /// <summary>Trains, tests, and writes the run's folder: configuration, metrics, checkpoints, weights and report data.</summary>
    /// <param name="store">A store with cases that have a class.</param>
    /// <param name="weights"><c>scratch</c>, a weights file, or the folder of a finished run.</param>
    /// <param name="runFolder">Where everything goes; made when missing.</param>
    /// <param name="resume">Goes on with the checkpoint in the folder; starts where there is none, does nothing where the run is finished.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Asks to stop after the current step or case.</param>
    /// <exception cref="InputDataException">The store or the weights can't be used for this.</exception>
    /// <exception cref="ConfigurationException">The settings don't fit the store, or the folder holds another run.</exception>
    /// <exception cref="TrainingDivergedException">The loss stopped being finite.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop; a checkpoint is written.</exception>
    public ClassificationResult Run(
        PreparedStore store, string weights, string runFolder, bool resume = false, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        using var source = WeightsSource.Open(weights);
        // Cases first: what a user has most often to mend is the store.
        var cases = _split is null
            ? ClassificationCases.Select(store, _settings)
            : ClassificationCases.Of(store, _split, _settings.Dataset);
        var context = new FineTuneContext(_settings, store, source, new RunFolder(runFolder), observer ?? SilentObserver.Instance, cancellation);
        using var task = new ClassificationTask(context, _settings, cases);
        var (best, test) = FineTuneRun.Run(context, task, weights, resume);
        return new ClassificationResult(
            best.LearningRate, best.Step, best.Figure, cases.TrainSubjects, cases.Train.Count, cases.Classes, test, task.Summary(test));
    }
}
