using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Settings;

namespace Conjoint.Benchmarks.Cells;

/// <summary>What every pre-training of a table shares.</summary>
/// <param name="Stores">Folders of the stores that it reads the training cases of.</param>
/// <param name="Text">Those cases, for the digests.</param>
/// <param name="Device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
/// <param name="Precision">Number format.</param>
internal sealed record PretrainingSource(IReadOnlyList<string> Stores, string Text, string Device, Precision Precision);

/// <summary>The pre-trainings of a table. Stage <c>slices</c> is trained once a seed and method, and what needs more stages goes on from it.</summary>
internal sealed class PretrainingCells(string folder, PretrainingSource source)
{
    /// <summary>The cell of an arm and seed.</summary>
    /// <param name="arm">Its name.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="pretrain">Its settings.</param>
    /// <param name="slices">The arm that trained stage <c>slices</c>, and its cell of this seed; null for that one itself.</param>
    /// <param name="single">The only stage where there is no such arm.</param>
    public Cell Cell(string arm, int seed, PretrainSettings pretrain, (string Arm, Cell Cell)? slices, string single = StageName.Slices)
    {
        var text = $"{SettingsWriter.WriteChanged(Same(pretrain))}{source.Precision}\n{source.Text}{(single == StageName.Slices ? "" : single)}";
        return new Cell
        {
            Id = FormattableString.Invariant($"pretrain/{arm}/seed{seed}"),
            Needs = slices is { } needed ? [needed.Cell] : [],
            Settings = needs => text + string.Concat(needs.Select(n => n.Digest)),
            HasFiles = digest => File.Exists(Run(arm, seed, digest).Weights),
            Compute = work => Compute(arm, seed, pretrain, slices?.Arm, single, work),
        };
    }

    /// <summary>The folder of a pre-training; the digest in its name keeps different settings apart.</summary>
    public RunFolder Run(string arm, int seed, string digest) =>
        new(Path.Combine(folder, "pretrain", FormattableString.Invariant($"{arm}-seed{seed}-{digest}")));

    private CellOutcome Compute(string arm, int seed, PretrainSettings pretrain, string? slicesArm, string single, CellWork work)
    {
        var run = Run(arm, seed, work.Digest);
        // The weights are the last thing that a pre-training writes.
        if (!File.Exists(run.Weights))
        {
            if (slicesArm is not null)
                TakeOver(Run(slicesArm, seed, work.Needs[0].Digest), run);
            var request = new PretrainRequest
            {
                Settings = pretrain,
                Stores = source.Stores,
                RunFolder = run.Path,
                Stage = slicesArm is null ? single : null,
                Device = source.Device,
                Precision = source.Precision,
                Resume = true,
            };
            Pretraining.Run(request, work.Observer, work.Cancellation);
        }

        var outcome = Outcome(run);
        Tidy(run);
        return outcome;
    }

    /// <summary>Puts the finished stage into another run's folder, which then goes on from it.</summary>
    private static void TakeOver(RunFolder slices, RunFolder run)
    {
        RunFolder.Create(run.Path);
        var stage = run.StageWeights(StageName.Slices);
        if (File.Exists(stage))
            return;
        AtomicFile.Write(stage, target =>
        {
            using var source = File.OpenRead(slices.Weights);
            source.CopyTo(target);
        });
    }

    /// <summary>Leaves the weights, the settings and the metrics; checkpoints and the stages' own weights are several times as large.</summary>
    private static void Tidy(RunFolder run)
    {
        foreach (var large in new[] { run.Checkpoints, Path.Combine(run.Path, "weights") }.Where(Directory.Exists))
            Directory.Delete(large, recursive: true);
    }

    /// <summary>What the metrics say of each stage: steps, first and last loss (means of a tenth of the steps), the last monitors, alarms.</summary>
    private static CellOutcome Outcome(RunFolder run)
    {
        var numbers = new Dictionary<string, double>();
        foreach (var stage in MetricsReader.Read(run.Metrics).GroupBy(l => l.Stage).Where(g => StageName.Single.Contains(g.Key)))
        {
            double[] losses = [.. stage.Where(l => l.Has("step")).Select(l => l.Number("loss")).OfType<double>()];
            var tenth = Math.Max(1, losses.Length / 10);
            numbers[$"{stage.Key}_steps"] = losses.Length;
            numbers[$"{stage.Key}_loss_first"] = losses.Take(tenth).DefaultIfEmpty(double.NaN).Average();
            numbers[$"{stage.Key}_loss_last"] = losses.TakeLast(tenth).DefaultIfEmpty(double.NaN).Average();
            foreach (var monitor in new[] { "embedding_std", "effective_rank", "prototype_usage_entropy" })
            {
                if (stage.LastOrDefault(l => l.Has(monitor))?.Number(monitor) is { } last)
                    numbers[$"{stage.Key}_{monitor}"] = last;
            }

            numbers[$"{stage.Key}_alarms"] = stage.Sum(l => Alarms.Check(l).Count(a => a.Metric != "data_wait_fraction"));
        }

        return new CellOutcome(numbers);
    }

    /// <summary>Without what changes no number, or only its last bits.</summary>
    private static PretrainSettings Same(PretrainSettings pretrain)
    {
        var plain = new PretrainSettings();
        return pretrain with { Threads = plain.Threads, LoaderWorkers = plain.LoaderWorkers, CheckpointSeconds = plain.CheckpointSeconds };
    }
}
