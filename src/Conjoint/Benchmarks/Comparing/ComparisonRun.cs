using Conjoint.Benchmarks.Cells;
using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;
using static TorchSharp.torch;

namespace Conjoint.Benchmarks.Comparing;

/// <summary>Fine-tunes on one's own labelled cases from several starts, several times each, and tells whether they beat training from scratch.</summary>
/// <remarks>May be killed at any moment and started again, and may run in several processes on one folder: they share the runs among them.</remarks>
public static class ComparisonRun
{
    private const string Marker = "compare.yaml";
    private const string AtWork = "work";

    /// <summary>Runs it, or goes on with it; its files are written anew after every run.</summary>
    /// <param name="folder">Where everything goes.</param>
    /// <param name="store">The labelled cases; the test scores are those of split test.</param>
    /// <param name="arms">The starts, of <see cref="ComparisonArm.Parse(IEnumerable{string})"/>.</param>
    /// <param name="settings">How each of them is fine-tuned: of segmentation, classification or detection. Run r has its seed + r.</param>
    /// <param name="runs">Fine-tunings of each; at least 1.</param>
    /// <param name="threads">Threads of the tensor library; at least 1. The same number gives the same bits.</param>
    /// <param name="command">The command line for the page; null when there was none.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="ConfigurationException">The folder holds another comparison, or the settings don't fit the store.</exception>
    /// <exception cref="Imaging.InputDataException">The store or the weights can't be used.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static ComparisonSummary Run(
        string folder, PreparedStore store, IReadOnlyList<ComparisonArm> arms, FineTuneSettings settings, int runs, int threads, string? command, IRunObserver observer, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        NativeBoot.Require();
        set_num_threads(threads);
        ComparisonCases.Check(store, settings, runs);
        OutputFolder.Create(folder);
        var plan = new ComparisonPlan(folder, store, arms, settings, runs);
        var runner = new CellRunner(plan.Cells, folder);
        using var atWork = Claim(folder, plan);
        foreach (var other in arms.Skip(1).Where(a => a != ComparisonArm.Scratch && ComparisonPlan.Text(ScratchSettings.Of(settings, a.Weights)) != ComparisonPlan.Text(ScratchSettings.Of(settings, arms[0].Weights))))
            observer.Warn($"{other.Name} has another net or input than {arms[0].Name}, which scratch is built like: its difference from scratch is one of nets too.");
        var summaries = new ComparisonSummaries(plan, runner);
        var summary = summaries.Now();
        runner.Run(observer, () => ComparisonFiles.Write(folder, summary = summaries.Now(), command), cancellation);
        return summary;
    }

    /// <summary>Writes the lines that the page is made from, when all runs are finished, and has the page made before another command writes them.</summary>
    /// <param name="folder">The comparison's folder.</param>
    /// <param name="store">As for <see cref="Run"/>.</param>
    /// <param name="arms">As for <see cref="Run"/>.</param>
    /// <param name="settings">As for <see cref="Run"/>.</param>
    /// <param name="runs">As for <see cref="Run"/>.</param>
    /// <param name="written">Makes the page.</param>
    public static void WriteMetrics(string folder, PreparedStore store, IReadOnlyList<ComparisonArm> arms, FineTuneSettings settings, int runs, Action written)
    {
        ArgumentNullException.ThrowIfNull(written);
        var plan = new ComparisonPlan(folder, store, arms, settings, runs);
        using var exclusive = new CellLocks(folder).Wait("page");   // two commands may come to the end together
        ComparisonFiles.WriteMetrics(folder, plan, new CellRunner(plan.Cells, folder));
        written();
    }

    /// <summary>Takes the folder, so that runs of different settings never mix; more runs and further starts may join.</summary>
    /// <returns>What tells others that a comparison is at work; to be held until it ends.</returns>
    private static FileStream Claim(string folder, ComparisonPlan plan)
    {
        var locks = new CellLocks(folder);
        using var exclusive = locks.Wait("claim", CancellationToken.None);
        var marker = Path.Combine(folder, Marker);
        if (!File.Exists(marker) && Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).FirstOrDefault(name => name is not ("locks" or CellStore.FileName)) is { } other)
            throw new ConfigurationException($"{folder}: holds something else than a comparison ('{other}'); name another folder with --out.");
        var text = $"task: {plan.Task}\n{ComparisonPlan.Text(plan.Settings)}";
        if (File.Exists(marker) && File.ReadAllText(marker) is var held && held != text)
        {
            if (CellStore.HasAny(folder) || locks.IsAnyTaken(AtWork))
                throw new ConfigurationException($"{folder}: holds a comparison with other settings ({Marker}: {Difference(held, text)}), or one is at work there; name another folder with --out, or remove it.");
            // Nothing came of it: what it began is of no use to these settings.
            var begun = Path.Combine(folder, "finetune");
            if (Directory.Exists(begun))
                Directory.Delete(begun, recursive: true);
        }

        AtomicFile.WriteText(marker, text);
        return locks.TakeOneOf(AtWork);
    }

    /// <summary>The first settings that differ, such as <c>steps: 4, now steps: 5</c>.</summary>
    private static string Difference(string held, string asked)
    {
        var (before, now) = (held.Split('\n'), asked.Split('\n'));
        static string First(IEnumerable<string> lines) => lines.FirstOrDefault() is { Length: > 0 } line ? line.Trim() : "the default";
        return $"{First(before.Except(now))}, now {First(now.Except(before))}";
    }
}
