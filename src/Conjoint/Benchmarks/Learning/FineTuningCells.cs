using Conjoint.Benchmarks.Cells;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Metrics;
using Conjoint.Tasks.Segmentation;
using Conjoint.Training.Settings;

namespace Conjoint.Benchmarks.Learning;

/// <summary>The fine-tunings: those that choose an arm's learning rate, and those that are scored on the held-out subjects.</summary>
internal sealed class FineTuningCells(string folder, LearningSettings settings, LearningData data, PretrainingCells pretrainings)
{
    private readonly PretrainSettings _preset = settings.Pretraining(LearningArm.All, 0);

    /// <summary>Name of the number that a fine-tuning comes to: mean foreground Dice over the scored subjects.</summary>
    public const string Dice = "dice";

    /// <summary>Name of the number that is 1 where the loss stopped being finite; every subject then has a Dice of 0.</summary>
    public const string Diverged = "diverged";

    /// <summary>Name of the number that holds the learning rate.</summary>
    public const string Rate = "rate";

    /// <summary>Name of the number that holds the encoder's share of it.</summary>
    public const string EncoderRate = "encoder_rate";

    /// <summary>A cell that tries a rate on training subjects alone.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="rates">The rates.</param>
    /// <param name="selection">Which of the draws that rates are chosen on.</param>
    /// <param name="split">Its subjects.</param>
    /// <param name="pretraining">The arm's pre-training of seed 0; null from scratch.</param>
    public Cell Try(string arm, FineTuneRates rates, int selection, LabelledSplit split, Cell? pretraining) =>
        Cell($"rate/{arm}/{rates}/draw{selection}", arm, seed: 0, selection, split, pretraining, [], _ => rates);

    /// <summary>A cell that is scored on the held-out subjects, at the rate that was best for the arm.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="labels">Labelled subjects.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="draw">The draw.</param>
    /// <param name="split">Its subjects.</param>
    /// <param name="pretraining">The arm's pre-training of this seed; null from scratch.</param>
    /// <param name="tries">The cells of <see cref="Try"/> of the arm.</param>
    public Cell Score(string arm, string labels, int seed, int draw, LabelledSplit split, Cell? pretraining, IReadOnlyList<Cell> tries) => Cell(
        FormattableString.Invariant($"finetune/{arm}/labels-{labels}/seed{seed}/draw{draw}"), arm, seed, draw, split, pretraining, tries, Best);

    /// <summary>The rates with the best mean Dice; of equal ones the smallest.</summary>
    /// <param name="tries">Results of all tries of one arm.</param>
    public static FineTuneRates Best(IEnumerable<CellResult> tries) =>
        tries.GroupBy(RatesOf).OrderBy(g => g.Key.Rate).ThenBy(g => g.Key.Encoder).MaxBy(g => g.Average(t => t.Numbers[Dice]))!.Key;

    /// <summary>The rates that a fine-tuning had.</summary>
    public static FineTuneRates RatesOf(CellResult result) => new(result.Numbers[Rate], result.Numbers.GetValueOrDefault(EncoderRate, 1));

    private Cell Cell(
        string id, string arm, int seed, int draw, LabelledSplit split, Cell? pretraining, IReadOnlyList<Cell> tries, Func<IEnumerable<CellResult>, FineTuneRates> rates)
    {
        var first = pretraining is null ? 0 : 1;
        var (text, cases) = (SettingsWriter.WriteChanged(NumberChanging.Of(Settings(arm, seed, draw, new FineTuneRates(1, 1)))), TableStores.CasesText(split.Train) + TableStores.CasesText(split.Test));
        return new Cell
        {
            Id = id,
            Needs = pretraining is null ? tries : [pretraining, .. tries],
            Settings = needs => FormattableString.Invariant($"{text}rate {rates(needs.Skip(first))}\n{cases}{(pretraining is null ? LearningArm.Scratch : needs[0].Digest)}"),
            Compute = work =>
            {
                var weights = pretraining is null ? LearningArm.Scratch : pretrainings.Run(LearningArm.Pretraining(arm), seed, work.Needs[0].Digest).Path;
                return Compute(id, Settings(arm, seed, draw, rates(work.Needs.Skip(first))), split, weights, work);
            },
            Weight = LearningArm.Lengths(arm),
        };
    }

    /// <summary>One setting for every arm but for rate, length and context: nothing is chosen on the held-out subjects.</summary>
    private SegmentationSettings Settings(string arm, int seed, int draw, FineTuneRates rates)
    {
        var own = new SegmentationSettings
        {
            Seed = 1000L * seed + draw, // the order of slices and their changes; first weights where there are no others
            Steps = settings.Steps * LearningArm.Lengths(arm),
            Batch = settings.Batch,
            LearningRate = rates.Rate,
            EncoderRate = rates.Encoder,
            Validations = 0,
            SurfaceDistances = false,
            VolumeContext = arm == LearningArm.Context,
            Preset = settings.Preset,
            Encoder = _preset.SliceEncoder,
            Input = new InputNormalisation { Size = _preset.Volumes.Size, Mean = _preset.Input.Mean, Std = _preset.Input.Std },
            Device = settings.Device,
            Workers = 1,
            CheckpointSeconds = 3600, // a cell that is stopped begins anew
        };
        return SettingsBinder.Bind<SegmentationSettings>([SettingsLayer.FromText("learning", SettingsWriter.Write(own)), .. settings.Finetune.Select(SettingsLayer.FromAssignment)]);
    }

    private CellOutcome Compute(string id, SegmentationSettings finetune, LabelledSplit split, string weights, CellWork work)
    {
        // Only the scores stay: the weights of some hundred segmenters would fill the disk.
        var run = Path.Combine(folder, "work", id.Replace('/', '+'));
        Remove(run);
        try
        {
            var result = new SegmentationFineTuning(finetune, split).Run(data.Segmentation, weights, run, resume: false, work.Observer, work.Cancellation);
            return Outcome(split, finetune, result.Test, diverged: false);
        }
        catch (TrainingDivergedException)
        {
            return Outcome(split, finetune, [], diverged: true);
        }
        finally
        {
            Remove(run);
        }
    }

    /// <summary>A number a subject, under the name of its first case.</summary>
    private static CellOutcome Outcome(LabelledSplit split, SegmentationSettings finetune, IReadOnlyList<CaseScore> scores, bool diverged)
    {
        var dice = scores.ToDictionary(s => s.Case, s => s.Dice, StringComparer.Ordinal);
        var subjects = split.Test.GroupBy(c => c.Subject).ToDictionary(g => g.First().Id, g => diverged ? 0 : g.Average(c => dice[c.Id]), StringComparer.Ordinal);
        var numbers = new Dictionary<string, double>
        {
            [Dice] = subjects.Values.Average(), [Rate] = finetune.LearningRate!.Value, [EncoderRate] = finetune.EncoderRate, [Diverged] = diverged ? 1 : 0,
        };
        return new CellOutcome(numbers, subjects);
    }

    private static void Remove(string run)
    {
        if (Directory.Exists(run))
            Directory.Delete(run, recursive: true);
    }
}
