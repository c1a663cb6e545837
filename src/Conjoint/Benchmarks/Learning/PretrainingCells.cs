using Conjoint.Benchmarks.Cells;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Settings;

namespace Conjoint.Benchmarks.Learning;

/// <summary>The pre-trainings. Stage <c>slices</c> is trained once a seed, and every other arm of the seed begins with its weights.</summary>
internal sealed class PretrainingCells(string folder, LearningSettings settings, LearningData data)
{
    /// <summary>The cell of an arm and seed.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="slices">The cell of stage <c>slices</c> of this seed; null for that one itself.</param>
    public Cell Cell(string arm, int seed, Cell? slices)
    {
        var pretrain = settings.Pretraining(arm, seed);
        var text = $"{SettingsWriter.WriteChanged(Same(pretrain))}{settings.Precision}\n{data.PretrainingText}";
        return new Cell
        {
            Id = FormattableString.Invariant($"pretrain/{arm}/seed{seed}"),
            Needs = slices is null ? [] : [slices],
            Settings = needs => text + string.Concat(needs.Select(n => n.Digest)),
            HasFiles = digest => File.Exists(Run(arm, seed, digest).Weights),
            Compute = work => Compute(arm, seed, pretrain, work),
        };
    }

    /// <summary>The folder of a pre-training; the digest in its name keeps different settings apart.</summary>
    public RunFolder Run(string arm, int seed, string digest) =>
        new(Path.Combine(folder, "pretrain", FormattableString.Invariant($"{arm}-seed{seed}-{digest}")));

    private CellOutcome Compute(string arm, int seed, PretrainSettings pretrain, CellWork work)
    {
        var run = Run(arm, seed, work.Digest);
        // The weights are the last thing that a pre-training writes.
        if (!File.Exists(run.Weights))
        {
            if (work.Needs is [var slices])
                TakeOver(Run(LearningArm.Slices, seed, slices.Digest), run);
            var request = new PretrainRequest
            {
                Settings = pretrain,
                Stores = data.Pretraining,
                RunFolder = run.Path,
                Stage = arm == LearningArm.Slices ? StageName.Slices : null,
                Device = settings.Device,
                Precision = settings.Precision,
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
        foreach (var stage in MetricsReader.Read(run.Metrics).GroupBy(l => l.Stage).Where(g => StageName.All.Contains(g.Key)))
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
