using Conjoint.Benchmarks.Cells;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training;
using static TorchSharp.torch;

namespace Conjoint.Benchmarks.Tables;

/// <summary>Computes one of the paper's tables.</summary>
/// <remarks>May be killed at any moment and started again, and may run in several processes on one folder: they share the cells among them.</remarks>
public static class TableRun
{
    /// <summary>Runs the table, or goes on with it; its files are written anew after every cell.</summary>
    /// <param name="number">Which table.</param>
    /// <param name="folder">Where everything goes.</param>
    /// <param name="data">The folder of <see cref="TableData.Prepare"/>; null for phantoms.</param>
    /// <param name="settings">How much of what.</param>
    /// <param name="command">The command line for the report; null when there was none.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="ConfigurationException">Settings that the data don't allow, or a folder that can't be made.</exception>
    /// <exception cref="InputDataException">Data that can't be used.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static TableSummary Run(int number, string folder, string? data, TableSettings settings, string? command, IRunObserver observer, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(observer);
        NativeBoot.Require();
        set_num_threads(settings.Threads);
        OutputFolder.Create(folder);
        var table = PaperTable.Of(number, settings.Scale);
        using var stores = TableData.Prepare(folder, data, table, settings.Scale, observer, cancellation);
        var plan = new TablePlan(folder, table, settings, stores);
        AtomicFile.WriteText(Path.Combine(folder, FormattableString.Invariant($"table{number}.yaml")), SettingsWriter.Write(settings));
        var runner = new CellRunner(plan.Cells, folder);
        var summaries = new TableSummaries(plan, settings, runner);
        var summary = summaries.Now();
        var figures = new TableFigures(folder, plan, stores, runner);
        runner.Run(observer, Write, cancellation);
        return summary;

        void Write()
        {
            TableReport.Write(folder, summary = summaries.Now(), command);
            figures.Write();
        }
    }
}
