using Conjoint.Benchmarks.Cells;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training;
using static TorchSharp.torch;

namespace Conjoint.Benchmarks.Learning;

/// <summary>
/// Whether pre-training helps on small real data: pre-trainings of several seeds, fine-tunings with few labels from them and from scratch,
/// paired differences with their intervals, and probes.
/// </summary>
/// <remarks>
/// May be killed at any moment and started again, and may run in several processes on one folder: they share the cells among them.
/// </remarks>
public static class LearningProtocol
{
    /// <summary>Runs the protocol, or goes on with it; the tables are written anew after every cell.</summary>
    /// <param name="folder">Where everything goes.</param>
    /// <param name="data">A folder of data sets, or null for phantoms.</param>
    /// <param name="settings">How much of what.</param>
    /// <param name="command">The command line for the report; null when there was none.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="ConfigurationException">Settings that the data don't allow, or a folder that can't be made.</exception>
    /// <exception cref="InputDataException">Data that can't be used.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static LearningSummary Run(string folder, string? data, LearningSettings settings, string? command, IRunObserver observer, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(observer);
        NativeBoot.Require();
        set_num_threads(settings.Threads);
        OutputFolder.Create(folder);
        using var stores = LearningData.Prepare(folder, data, observer, cancellation);
        var plan = new LearningPlan(folder, settings, stores);
        AtomicFile.WriteText(Path.Combine(folder, "learning.yaml"), SettingsWriter.Write(settings));
        var runner = new CellRunner(plan.Cells, folder);
        var summaries = new LearningSummaries(plan, settings, runner);
        var summary = summaries.Now();
        runner.Run(observer, () => LearningReport.Write(folder, summary = summaries.Now(), command), cancellation);
        return summary;
    }
}
