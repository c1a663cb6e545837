using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.ReportData;
using static TorchSharp.torch;

namespace Conjoint.Tasks.Detection;

/// <summary>Detection as fine-tuning sees it: images in, boxes out, average precision to choose by.</summary>
internal sealed class DetectionTask : IFineTuneTask<BoxDetector, LabelledImageBatch, DetectedCase>
{
    private const int MostPictures = 8;
    private const long LossStream = 0xB0C5; // name of a stream under the seed

    private readonly FineTuneContext _context;
    private readonly DetectionSettings _settings;
    private readonly DetectionCases _cases;
    private readonly InputNormalisation _input;
    private readonly DetectorDescription _description;
    private readonly DetectorLossSettings _loss;

    public DetectionTask(FineTuneContext context, DetectionSettings settings, DetectionCases cases)
    {
        (_context, _settings, _cases) = (context, settings, cases);
        if (context.IsVolumetric)
            throw new ConfigurationException("--weights: hold a net of 3D convolutions, which takes no images; expected weights of stage slices or volumes, or scratch.");
        _loss = new DetectorLossSettings { Regions = settings.Regions };
        _input = context.Input with { Size = settings.Size };
        _description = new DetectorDescription { Classes = cases.Classes, PyramidWidth = settings.PyramidWidth, HeadWidth = settings.HeadWidth, LeastScore = settings.LeastScore };
        Batches = new LabelledImageLoader(context.Store, cases, _input, settings);
        if (Batches.Batch < settings.Batch)
            context.Observer.Warn($"batch {settings.Batch} is more than the {Batches.Batch} training images; taking all of them in each step.");
    }

    public string Name => FineTunedModel.Detect;

    public string Title => "Fine-tuning: detection";

    public LabelledCases Cases => _cases;

    public ITrainingBatches<LabelledImageBatch> Batches { get; }

    public IReadOnlyDictionary<int, string> ClassNames => _cases.Classes.Index().ToDictionary(c => c.Index, c => c.Item);

    public string? ValidationFault => _cases.Validation.Count == 0 ? "No labelled validation image to choose the learning rate on"
        : _cases.Validation.All(c => c.Boxes.Count == 0) ? "No validation image has a box, so that none can choose the learning rate" : null;

    public string Announcement =>
        $"{_cases.TrainSubjects} labelled subjects, {_cases.Train.Count} images, {_cases.Train.Sum(c => c.Boxes.Count)} boxes of {_cases.Classes.Count} {(_cases.Classes.Count == 1 ? "class" : "classes")}; "
        + $"{_cases.Validation.Count} images for validation, {_cases.Test.Count} for the test";

    public string NumberChangingSettings => SettingsWriter.Write(NumberChanging.OnDevice(_settings))
        + string.Concat(_cases.All.SelectMany(c => c.Boxes).Select(b => FormattableString.Invariant($"{b}\n")));

    public string Configuration(string weights) => SettingsWriter.Write(new FineTuneConfiguration<DetectionSettings>
    {
        Task = Name, Data = _context.Store.Folder, Weights = weights, Settings = _settings with { Input = _input, Encoder = _context.Encoder },
    });

    public BoxDetector Fresh(out IReadOnlyList<string> reports)
    {
        var detector = BoxDetector.Create(_context.Encoder, _description, _input, _settings.Seed);
        var weights = _context.Weights;
        reports = [weights is null ? "encoder: random first weights" : $"encoder: {NetWeights.Load(detector.Net.Encoder, weights.Path, weights.Tensors, NetWeights.SlicePrefixes)}"];
        return detector;
    }

    public WeightsCard Describe(WeightsCard card) => (card with { Input = _input }).WithNet(DetectorDescription.CardName, _description);

    public Tensor Loss(BoxDetector model, LabelledImageBatch batch, long step)
    {
        if (_settings.FreezeNorms ?? _context.Weights is not null)
            model.Net.Encoder.eval();
        var images = batch.ToTensor(CPU);                                           // [B, 1, S, S]
        return DetectorLoss.Of(model.Net, images, [.. batch.Boxes.SelectMany(b => b)], _loss, RandomStream.For(_settings.Seed, LossStream, step)).Total();
    }

    public void Backward(BoxDetector model, Tensor loss) => loss.backward();

    public DetectedCase Validate(BoxDetector model, StoreCase storeCase) => new(storeCase.Id, storeCase.Boxes, model.Detect(_context.Store, storeCase));

    public (double Figure, double TieBreak, string Text) SumUpValidation(IReadOnlyList<DetectedCase> scores, MetricsLine line)
    {
        var summary = DetectionSummary.Of(scores, _cases.Classes);
        DetectionLines.AddValidation(line, summary);
        return (summary.Ap50, summary.CocoAp, summary.ToString());
    }

    public BoxDetector BeginTest(IReadOnlyList<DetectedCase> done) => BoxDetector.Open(_context.Folder.Weights);

    public DetectedCase Test(BoxDetector model, StoreCase storeCase) => Validate(model, storeCase);

    public MetricsLine TestLine(DetectedCase score) => DetectionLines.Case("test", score);

    public (MetricsLine Line, string Text) SumUpTest(IReadOnlyList<DetectedCase> scores)
    {
        Draw(scores);
        ReportFiles.Write(_context.Folder, DetectionBoxes.Of(scores, _cases.Classes).ToDraw());
        var summary = DetectionSummary.Of(scores, _cases.Classes);
        return (DetectionLines.Summary("test", summary), summary.ToString());
    }

    /// <summary>Some test images, spread evenly, for the report.</summary>
    private void Draw(IReadOnlyList<DetectedCase> scores)
    {
        var count = Math.Min(MostPictures, scores.Count);
        var byId = _cases.Test.ToDictionary(c => c.Id, StringComparer.Ordinal);
        ReportFiles.Write(_context.Folder, new OverlayPictures
        {
            Pictures = [.. Enumerable.Range(0, count).Select(i => scores[i * scores.Count / count]).Select(s => new OverlayPictures.Picture(s.Case, 0, DetectionPicture.Of(_context.Store, byId[s.Case], s, _cases.Classes)))],
        });
    }
}
