using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;

namespace Conjoint.Tasks.Detection;

/// <summary>Trains a Faster R-CNN whose backbone is the pre-trained slice encoder, and scores it: the paper's "Downstream Task" for 2D detection.</summary>
/// <remarks>Equal settings, store and weights give equal bits on one machine with one number of threads, interrupted or not.</remarks>
public sealed class DetectionFineTuning
{
    private readonly DetectionSettings _settings;

    /// <summary>Takes the settings.</summary>
    /// <param name="settings">How to train.</param>
    /// <exception cref="ConfigurationException">They can't work together.</exception>
    public DetectionFineTuning(DetectionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        if (settings.Device is not ("auto" or "cpu"))
            throw new ConfigurationException($"device {settings.Device}: detectors compute on the processor; expected cpu.");
        _settings = settings with { Device = "cpu" };
    }

    /// <summary>Trains, tests, and writes the run's folder: configuration, metrics, checkpoints, weights and report data.</summary>
    /// <param name="store">A store with images that have boxes.</param>
    /// <param name="weights"><c>scratch</c>, a weights file, or the folder of a finished run.</param>
    /// <param name="runFolder">Where everything goes; made when missing.</param>
    /// <param name="resume">Goes on with the checkpoint in the folder; starts where there is none, does nothing where the run is finished.</param>
    /// <param name="observer">Who is told; null for nobody.</param>
    /// <param name="cancellation">Asks to stop after the current step or case.</param>
    /// <exception cref="InputDataException">The store or the weights can't be used for this.</exception>
    /// <exception cref="ConfigurationException">The settings don't fit the store, or the folder holds another run.</exception>
    /// <exception cref="TrainingDivergedException">The loss stopped being finite.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop; a checkpoint is written.</exception>
    public DetectionResult Run(
        PreparedStore store, string weights, string runFolder, bool resume = false, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        using var source = WeightsSource.Open(weights);
        var cases = DetectionCases.Select(store, LabelBudget.Parse(_settings.Labels), _settings.Seed, _settings.Dataset);
        var context = new FineTuneContext(_settings, store, source, new RunFolder(runFolder), observer ?? SilentObserver.Instance, cancellation);
        var (best, test) = FineTuneRun.Run(context, new DetectionTask(context, _settings, cases), weights, resume);
        return new DetectionResult(best.LearningRate, best.Step, best.Figure, cases.TrainSubjects, cases.Train.Count, cases.Classes, test, DetectionSummary.Of(test, cases.Classes));
    }
}

/// <summary>What a fine-tuning came to.</summary>
/// <param name="LearningRate">The rate that was given, or the chosen one.</param>
/// <param name="Step">After how many steps the kept weights were taken.</param>
/// <param name="ValidationAp50">AP at IoU 0.5 of the kept weights on validation; NaN where there was none.</param>
/// <param name="TrainSubjects">Labelled subjects that it learned from.</param>
/// <param name="TrainImages">Their images.</param>
/// <param name="Classes">Names of the classes.</param>
/// <param name="Test">Every labelled test image; empty where there is none.</param>
/// <param name="Summary">The test scores summed up.</param>
public sealed record DetectionResult(
    double LearningRate, long Step, double ValidationAp50, int TrainSubjects, int TrainImages, IReadOnlyList<string> Classes, IReadOnlyList<DetectedCase> Test, DetectionSummary Summary);
