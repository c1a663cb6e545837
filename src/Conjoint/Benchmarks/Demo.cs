using Conjoint.Data;
using Conjoint.Data.Phantoms;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.Metrics;
using Conjoint.Tasks.Segmentation;
using Conjoint.Training;
using Conjoint.Training.Monitoring;

namespace Conjoint.Benchmarks;

/// <summary>
/// The whole way in minutes: phantoms with known anatomy, a store, the three stages, and segmenters fine-tuned from the result
/// and from scratch with the same few labels, steps and rate.
/// </summary>
/// <remarks>Test subjects are seen by neither pre-training nor fine-tuning. Interrupted, it goes on where it was when it is started again.</remarks>
public static class Demo
{
    /// <summary>Runs the demo, or goes on with it.</summary>
    /// <param name="folder">Where everything goes; new, or that of an interrupted demo with the same settings.</param>
    /// <param name="settings">What to do.</param>
    /// <param name="command">The command line for the report; null when there was none.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="cancellation">Asks to stop after the current step.</param>
    /// <exception cref="ConfigurationException">The folder holds something else.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop; a checkpoint is written.</exception>
    public static DemoResult Run(string folder, DemoSettings settings, string? command, IRunObserver observer, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(observer);
        NativeBoot.Require();
        Claim(folder, settings);

        var stores = Prepare(folder, settings, observer, cancellation);
        var pretraining = Path.Combine(folder, "pretrain");
        Pretrain(stores, pretraining, settings, command, observer, cancellation);
        return Compare(folder, stores[0], pretraining, settings, observer, cancellation);
    }

    /// <summary>Takes the folder, so that two demos with different settings never mix.</summary>
    private static void Claim(string folder, DemoSettings settings)
    {
        var marker = Path.Combine(folder, "demo.yaml");
        var text = SettingsWriter.Write(settings);
        if (File.Exists(marker))
        {
            if (File.ReadAllText(marker) != text)
                throw new ConfigurationException($"{folder}: holds a demo with another method or seed; name another folder with --out, or remove it.");
            return;
        }

        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new ConfigurationException($"{folder}: is not empty and no demo; name another folder with --out.");
        OutputFolder.Create(folder);
        AtomicFile.WriteText(marker, text);
    }

    /// <summary>Phantoms as files, as a user would have scans, and from each kind a store; the CTs come first.</summary>
    private static List<string> Prepare(string folder, DemoSettings settings, IRunObserver observer, CancellationToken cancellation)
    {
        var data = Path.Combine(folder, "data");
        var kinds = new[] { "ct", "mr", "radiographs" };
        var stores = kinds.Select(kind => Path.Combine(folder, "store", kind)).ToList();
        if (!stores.All(PreparedStore.IsStore))
        {
            observer.Log("making phantoms: CT of the chest, MR of the heart, radiographs");
            PhantomDataSet.Write(data, settings.Phantoms with { Seed = settings.Seed }, cancellation);
        }

        foreach (var (kind, store) in kinds.Zip(stores))
        {
            var summary = new Preparer(new PrepareSettings { Seed = settings.Seed }).Run([Path.Combine(data, kind)], store, null, cancellation);
            observer.Log($"store {kind}: {summary.Volumes} volumes, {summary.Images} images, {summary.WithMask} with a mask");
        }

        return stores;
    }

    private static void Pretrain(IReadOnlyList<string> stores, string run, DemoSettings settings, string? command, IRunObserver observer, CancellationToken cancellation)
    {
        var resolved = Presets.Resolve("tiny", [SettingsLayer.FromValue("demo", "method", SettingsNames.Of(settings.Method)), SettingsLayer.FromValue("demo", "seed", FormattableString.Invariant($"{settings.Seed}"))]);
        Pretraining.Run(
            new PretrainRequest { Settings = resolved, Stores = stores, RunFolder = run, Device = "cpu", Precision = Precision.Fp32, Resume = true, Command = command }, observer, cancellation);
    }

    private static DemoResult Compare(
        string folder, string storeFolder, string pretraining, DemoSettings settings, IRunObserver observer, CancellationToken cancellation)
    {
        using var full = PreparedStore.Open(storeFolder);
        var scores = DemoArm.All.ToDictionary(arm => arm, _ => new List<ScoreSummary>());
        for (var seed = 0; seed < settings.Runs; seed++)
        {
            foreach (var arm in DemoArm.All)
            {
                observer.Log($"fine-tuning {arm}, seed {seed}");
                var run = Path.Combine(folder, "finetune", $"{arm}-seed{seed}");
                var weights = arm == DemoArm.Pretrained ? pretraining : "scratch";
                var result = new SegmentationFineTuning(FineTuning(settings, seed)).Run(full, weights, run, resume: true, observer, cancellation);
                scores[arm].Add(result.Summary);
            }
        }

        WriteComparison(folder, scores);
        return new DemoResult(
            MeanStd.Of(scores[DemoArm.Pretrained].Select(s => s.Dice.Mean)), MeanStd.Of(scores[DemoArm.Scratch].Select(s => s.Dice.Mean)),
            MeanStd.Of(scores[DemoArm.Pretrained].Select(s => s.Iou.Mean)), MeanStd.Of(scores[DemoArm.Scratch].Select(s => s.Iou.Mean)));
    }

    /// <summary>One setting for both arms: labels, steps, rate, size. Nothing is chosen on the test subjects.</summary>
    private static SegmentationSettings FineTuning(DemoSettings settings, int seed)
    {
        var preset = Presets.Resolve("tiny");
        return new SegmentationSettings
        {
            Seed = seed,
            Labels = FormattableString.Invariant($"{settings.LabelledSubjects}"),
            Steps = settings.FineTuneSteps,
            Batch = settings.FineTuneBatch,
            LearningRate = settings.FineTuneRate,
            Validations = 0,
            SurfaceDistances = false,
            Preset = "tiny",
            Encoder = preset.SliceEncoder,
            Input = new InputNormalisation { Size = settings.FineTuneSize, Mean = preset.Input.Mean, Std = preset.Input.Std },
            Device = "cpu",
        };
    }

    /// <summary>The lines that the report's table is read from.</summary>
    private static void WriteComparison(string folder, Dictionary<string, List<ScoreSummary>> scores)
    {
        using var log = MetricsLog.Open(Path.Combine(folder, "metrics.jsonl"));
        foreach (var arm in DemoArm.All)
        {
            for (var seed = 0; seed < scores[arm].Count; seed++)
            {
                var score = scores[arm][seed];
                var line = new MetricsLine("comparison").Add("arm", arm).Add("seed", seed).Add("cases", score.Cases).Add("dice", score.Dice.Mean).Add("iou", score.Iou.Mean);
                foreach (var c in score.Classes.Where(c => !double.IsNaN(c.Dice)))
                    line.Add(FormattableString.Invariant($"dice_class_{c.Label}"), c.Dice);
                log.Write(line);
            }

            var (dice, iou) = (MeanStd.Of(scores[arm].Select(s => s.Dice.Mean)), MeanStd.Of(scores[arm].Select(s => s.Iou.Mean)));
            log.Write(new MetricsLine("comparison").Add("arm", arm).Add("summary", true).Add("runs", dice.Count)
                .Add("dice_mean", dice.Mean).Add("dice_std", dice.Std).Add("iou_mean", iou.Mean).Add("iou_std", iou.Std));
        }
    }
}
