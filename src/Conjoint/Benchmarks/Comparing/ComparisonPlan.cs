using Conjoint.Benchmarks.Cells;
using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.Detection;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;
using Conjoint.Training;

namespace Conjoint.Benchmarks.Comparing;

/// <summary>Every fine-tuning of a comparison, run by run: interrupted, it has as many whole runs as it had time for.</summary>
public sealed class ComparisonPlan
{
    private const string Marker = "cell.txt";

    private readonly Dictionary<(string Arm, int Run), Cell> _runs = [];
    private readonly Dictionary<string, string> _subjects;

    /// <summary>Plans it.</summary>
    /// <param name="folder">The comparison's folder.</param>
    /// <param name="store">The labelled cases.</param>
    /// <param name="arms">The starts.</param>
    /// <param name="settings">How each of them is fine-tuned: of segmentation, classification or detection. Run r has its seed + r.</param>
    /// <param name="runs">Fine-tunings of each.</param>
    /// <exception cref="Imaging.InputDataException">Weights that are not there.</exception>
    /// <exception cref="ConfigurationException">The last run's seed is too large.</exception>
    public ComparisonPlan(string folder, PreparedStore store, IReadOnlyList<ComparisonArm> arms, FineTuneSettings settings, int runs)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(arms);
        ArgumentNullException.ThrowIfNull(settings);
        (Arms, Settings, Runs) = (arms, settings, runs);
        if (settings.Seed is < 0 or > int.MaxValue || settings.Seed > int.MaxValue - runs)
            throw new ConfigurationException($"seed: received {settings.Seed}; expected a whole number from 0 to {int.MaxValue - runs} for {runs} runs.");
        _subjects = store.Cases.ToDictionary(c => c.Id, c => c.Subject);
        var cases = TableStores.CasesText(store.Cases) + string.Concat(store.Cases.SelectMany(c => c.Boxes).Select(b => FormattableString.Invariant($"{b}\n")));
        var starts = arms.ToDictionary(a => a.Name, a => WeightsSource.Find(a.Weights) is { } path ? StoreFiles.Checksum(path) : a.Weights);
        var scratch = ScratchSettings.Of(settings, arms[0].Weights);
        for (var run = 0; run < runs; run++)
        {
            foreach (var arm in arms)
                _runs[(arm.Name, run)] = Cell(folder, store, arm, (arm == ComparisonArm.Scratch ? scratch : settings) with { Seed = SeedOf(run) }, cases + starts[arm.Name], run);
        }
    }

    /// <summary>The starts, scratch last.</summary>
    public IReadOnlyList<ComparisonArm> Arms { get; }

    /// <summary>How each is fine-tuned, with the first run's seed.</summary>
    public FineTuneSettings Settings { get; }

    /// <summary>Fine-tunings of each.</summary>
    public int Runs { get; }

    /// <summary>The word of the task.</summary>
    public string Task => Settings switch
    {
        SegmentationSettings => FineTunedModel.Segment,
        ClassificationSettings => FineTunedModel.Classify,
        _ => FineTunedModel.Detect,
    };

    /// <summary>What the score is.</summary>
    public string Score => Settings switch
    {
        SegmentationSettings => "Dice",
        ClassificationSettings => "AUC",
        _ => "AP at IoU 0.5",
    };

    /// <summary>All cells in their order.</summary>
    public IReadOnlyList<Cell> Cells => [.. _runs.Values];

    /// <summary>The folder of a run: its configuration, metrics and pictures stay, its weights don't.</summary>
    public static RunFolder RunFolder(string folder, string arm, int seed) => new(Path.Combine(folder, "finetune", FormattableString.Invariant($"{arm}-seed{seed}")));

    /// <summary>The seed of a run.</summary>
    public int SeedOf(int run) => (int)Settings.Seed + run;

    /// <summary>Who a test case is of.</summary>
    internal string SubjectOf(string caseId) => _subjects.GetValueOrDefault(caseId, caseId);

    /// <summary>The cell of a run.</summary>
    internal Cell Of(ComparisonArm arm, int run) => _runs[(arm.Name, run)];

    /// <summary>The settings without what changes no number.</summary>
    internal static string Text(FineTuneSettings settings)
    {
        var same = NumberChanging.OnDevice(settings);
        return same switch
        {
            SegmentationSettings s => SettingsWriter.WriteChanged(s),
            ClassificationSettings c => SettingsWriter.WriteChanged(c),
            _ => SettingsWriter.WriteChanged((DetectionSettings)same),
        };
    }

    private static Cell Cell(string folder, PreparedStore store, ComparisonArm arm, FineTuneSettings settings, string data, int run) => new()
    {
        Id = FormattableString.Invariant($"finetune/{arm.Name}/run{run}"),
        Settings = _ => Text(settings) + data,
        Compute = work =>
        {
            var place = RunFolder(folder, arm.Name, (int)settings.Seed).Path;
            Claim(place, work.Digest);
            return Compute(place, store, arm.Weights, settings, work);
        },
        Tidy = work => Tidy(RunFolder(folder, arm.Name, (int)settings.Seed), work.Digest),
    };

    /// <summary>What was begun with other weights or cases under the same name is of no use.</summary>
    private static void Claim(string place, string digest)
    {
        var marker = Path.Combine(place, Marker);
        if (File.Exists(marker) && File.ReadAllText(marker) != digest)
            Directory.Delete(place, recursive: true);
        OutputFolder.Create(place);
        AtomicFile.WriteText(marker, digest);
    }

    private static CellOutcome Compute(string place, PreparedStore store, string weights, FineTuneSettings settings, CellWork work)
    {
        try
        {
            return settings switch
            {
                SegmentationSettings s => FineTunedScores.Of(new SegmentationFineTuning(s).Run(store, weights, place, resume: true, work.Observer, work.Cancellation), iou: false),
                ClassificationSettings c => FineTunedScores.Of(new ClassificationFineTuning(c).Run(store, weights, place, resume: true, work.Observer, work.Cancellation)),
                _ => FineTunedScores.Of(new DetectionFineTuning((DetectionSettings)settings).Run(store, weights, place, resume: true, work.Observer, work.Cancellation)),
            };
        }
        catch (TrainingDivergedException)
        {
            return FineTunedScores.OfDiverged();
        }
    }

    /// <summary>Weights and checkpoints of some ten nets would fill the disk.</summary>
    private static void Tidy(RunFolder run, string digest)
    {
        var marker = Path.Combine(run.Path, Marker);
        if (!File.Exists(marker) || File.ReadAllText(marker) != digest)
            return;
        if (Directory.Exists(run.Checkpoints))
            Directory.Delete(run.Checkpoints, recursive: true);
        File.Delete(run.Weights);
    }
}
