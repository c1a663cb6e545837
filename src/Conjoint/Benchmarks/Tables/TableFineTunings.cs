using Conjoint.Benchmarks.Cells;
using Conjoint.Data;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.Detection;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;
using Conjoint.Training.Settings;

namespace Conjoint.Benchmarks.Tables;

/// <summary>The fine-tunings of a table: each is scored on its column's test split.</summary>
internal sealed class TableFineTunings(string folder, TableSettings settings, TableData data, PretrainingCells pretrainings)
{
    private readonly PretrainSettings _preset = settings.Pretraining(ClusteringMethod.Swav, [], 0);

    /// <summary>The cell of a run.</summary>
    /// <param name="column">What is learned.</param>
    /// <param name="method">Who learns.</param>
    /// <param name="run">From 0.</param>
    /// <param name="pretraining">The method's pre-training, as arm, seed and cell; null for other weights.</param>
    public Cell Cell(TableColumn column, TableMethod method, int run, (string Arm, int Seed, Cell Cell)? pretraining)
    {
        var id = FormattableString.Invariant($"finetune/{column.Key}/{method.Key}/run{run}");
        var own = column.Score switch
        {
            ColumnScore.Auc => SettingsWriter.WriteChanged(NumberChanging.Of(Classification(column, method, run))),
            ColumnScore.AveragePrecision => SettingsWriter.WriteChanged(NumberChanging.Of(Detection(column, run))),
            _ => SettingsWriter.WriteChanged(NumberChanging.Of(Segmentation(column, method, run))),
        };
        var labelled = data.Set(column).Cases;
        var cases = TableStores.CasesText(labelled) + (column.Score == ColumnScore.AveragePrecision ? string.Concat(labelled.SelectMany(c => c.Boxes).Select(b => FormattableString.Invariant($"{b}\n"))) : "");
        var weights = method.Source is MethodSource.ImageNet ? settings.ImageNet! : "scratch";
        var start = method.Source is MethodSource.ImageNet ? StoreFiles.Checksum(weights) : weights;
        return new Cell
        {
            Id = id,
            Needs = pretraining is { } p ? [p.Cell] : [],
            Settings = needs => $"{own}{cases}{(needs.Count > 0 ? needs[0].Digest : start)}",
            Compute = work => Compute(id, column, method, run, pretraining is { } from ? pretrainings.Run(from.Arm, from.Seed, work.Needs[0].Digest).Path : weights, work),
            Tidy = work =>
            {
                // Only the scores and some masks stay: the weights of some hundred nets would fill the disk.
                if (Directory.Exists(Place(id, work)))
                    Directory.Delete(Place(id, work), recursive: true);
            },
        };
    }

    /// <summary>How many runs a column has.</summary>
    public static int Runs(TableSettings settings, TableColumn column) =>
        column.Score == ColumnScore.Auc ? settings.ClassifyBatches.Count * settings.ClassifyTrials : settings.Runs;

    private CellOutcome Compute(string id, TableColumn column, TableMethod method, int run, string weights, CellWork work)
    {
        // A killed cell goes on from its checkpoint: a fine-tuning at full scale takes hours.
        var place = Place(id, work);
        var store = data.Set(column);
        CellOutcome outcome;
        try
        {
            outcome = column.Score switch
            {
                ColumnScore.Auc => FineTunedScores.Of(new ClassificationFineTuning(Classification(column, method, run)).Run(store, weights, place, resume: true, work.Observer, work.Cancellation)),
                ColumnScore.AveragePrecision => FineTunedScores.Of(new DetectionFineTuning(Detection(column, run)).Run(store, weights, place, resume: true, work.Observer, work.Cancellation)),
                _ => FineTunedScores.Of(new SegmentationFineTuning(Segmentation(column, method, run)).Run(store, weights, place, resume: true, work.Observer, work.Cancellation), column.Score == ColumnScore.Iou),
            };
            if (column.Score == ColumnScore.Iou && run == 0)
            {
                using var segmenter = Segmenter.Open(place, settings.Device);
                new TableMasks(folder).Write(id, work.Digest, segmenter, store, work.Cancellation);
            }
        }
        catch (TrainingDivergedException)
        {
            outcome = FineTunedScores.OfDiverged();
        }

        return outcome;
    }

    private string Place(string id, CellWork work) => Path.Combine(folder, "work", $"{id.Replace('/', '+')}-{work.Digest}");

    private DetectionSettings Detection(TableColumn column, int run) => Bind(
        new DetectionSettings { Seed = run, Labels = column.Labels, Preset = settings.Preset, Encoder = _preset.SliceEncoder, Input = Input(), Device = "cpu", Workers = 1, CheckpointSeconds = 60 },
        settings.Detect);

    private SegmentationSettings Segmentation(TableColumn column, TableMethod method, int run) => Bind(
        new SegmentationSettings
        {
            Seed = run, Labels = column.Labels, Preset = settings.Preset, Encoder = _preset.SliceEncoder, Input = Input(), Device = settings.Device, Workers = 1, CheckpointSeconds = 60,
            Volumetric = IsVolumetric(method),
        }, [.. settings.Segment, .. IsVolumetric(method) ? settings.SegmentVolumetric : []]);

    private ClassificationSettings Classification(TableColumn column, TableMethod method, int run) => Bind(
        new ClassificationSettings
        {
            Seed = run % settings.ClassifyTrials, Batch = settings.ClassifyBatches[run / settings.ClassifyTrials], Labels = column.Labels, Preset = settings.Preset,
            Encoder = _preset.SliceEncoder, VolumeEncoder = _preset.VolumeEncoder, MaxSlices = _preset.Volumes.MaxSlices, Input = Input(), Device = settings.Device, Workers = 1, CheckpointSeconds = 60,
            Volumetric = IsVolumetric(method),
        }, settings.Classify);

    private static bool IsVolumetric(TableMethod method) => method.Source is { IsVolumetric: true };

    private static T Bind<T>(T own, IReadOnlyList<string> overrides)
        where T : class, IValidated, new() =>
        SettingsBinder.Bind<T>([SettingsLayer.FromText("table", SettingsWriter.Write(own)), .. overrides.Select(SettingsLayer.FromAssignment)]);

    private InputNormalisation Input() => new() { Size = _preset.Volumes.Size, Mean = _preset.Input.Mean, Std = _preset.Input.Std };
}
