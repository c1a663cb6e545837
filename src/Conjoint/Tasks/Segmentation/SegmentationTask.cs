using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Nets;
using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Metrics;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using static TorchSharp.torch;

namespace Conjoint.Tasks.Segmentation;

/// <summary>Segmentation as fine-tuning sees it: slices in, a class for each pixel out, Dice to choose by.</summary>
internal sealed class SegmentationTask : IFineTuneTask<Segmenter, LabelledBatch, CaseScore>
{
    private const long DropoutStream = 0xD809; // the name of a stream under one seed

    private readonly FineTuneContext _context;
    private readonly SegmentationSettings _settings;
    private readonly SegmentationCases _cases;
    private readonly UNetSettings _decoder = new();
    private readonly VolumeEncoderSettings _volumeEncoder;
    private readonly bool _hasVolumeEncoder;
    private TestPictures? _pictures;

    public SegmentationTask(FineTuneContext context, SegmentationSettings settings, SegmentationCases cases)
    {
        (_context, _settings, _cases) = (context, settings, cases);
        Batches = new LabelledSliceLoader(context.Store, cases.Train, cases.Map, context.Input, settings.Batch, settings.Augmentation, settings.Seed, settings.Channels,
            depth: context.IsVolumetric ? settings.Depth : settings.VolumeContext ? settings.Batch : null);
        var card = context.Weights?.Card?.Net<VolumeEncoderSettings>(DescribedNets.VolumeEncoder);
        _hasVolumeEncoder = card is not null && NetWeights.HoldVolumeEncoder(context.Weights!.Tensors);
        _volumeEncoder = _hasVolumeEncoder ? card! : settings.VolumeEncoder;
        if (settings.VolumeContext && context.IsVolumetric)
            throw new ConfigurationException("volume_context: the weights' net has 3D convolutions and sees neighbouring slices anyway; expected false.");
        CheckBatch();
    }

    public string Name => FineTunedModel.Segment;

    public string Title => "Fine-tuning: segmentation";

    public LabelledCases Cases => _cases;

    public ITrainingBatches<LabelledBatch> Batches { get; }

    public IReadOnlyDictionary<int, string> ClassNames => _cases.Map.Labels.ToDictionary(l => l, l => FormattableString.Invariant($"class {l}"));

    public string? ValidationFault => _cases.Validation.Count > 0 ? null : "No labelled validation case to choose the learning rate on";

    public string Announcement =>
        $"{_cases.TrainSubjects} labelled subjects, {_cases.TrainSlices} slices, {_cases.Map.Labels.Count} {(_cases.Map.IsLayered ? "structures, which may overlap" : "foreground classes")}; "
        + $"{_cases.Validation.Count} cases for validation, {_cases.Test.Count} for the test";

    public string NumberChangingSettings => SettingsWriter.Write(NumberChanging.OnDevice(_settings));

    public string Configuration(string weights) => SettingsWriter.Write(new FineTuneConfiguration<SegmentationSettings>
    {
        Task = Name, Data = _context.Store.Folder, Weights = weights, Settings = _settings with { Input = _context.Input, Encoder = _context.Encoder, VolumeEncoder = _volumeEncoder },
    });

    public Segmenter Fresh(out IReadOnlyList<string> reports)
    {
        var segmenter = Segmenter.Create(_context.Encoder, _decoder, _cases.Map, _context.Input, _settings.Seed, _context.Device, Channels,
            _settings.VolumeContext ? _volumeEncoder : null, isVolumeEncoderNew: _context.Weights is not null && !_hasVolumeEncoder, depth: Depth);
        var weights = _context.Weights;
        reports =
        [
            weights is null ? "encoder: random first weights"
            : segmenter.Net is UNet3d deep ? $"encoder: {NetWeights.Load(deep.Encoder, weights.Path, weights.Tensors, NetWeights.ResNet3dPrefixes)}"
            : $"encoder: {NetWeights.Load(segmenter.SliceNet.Encoder, weights.Path, weights.Tensors, NetWeights.SlicePrefixes)}",
        ];
        if (segmenter.Net is UNet { VolumeEncoder: { } volumes })
        {
            reports = [.. reports, weights is null || !_hasVolumeEncoder
                ? "volume encoder: random first weights"
                : $"volume encoder: {NetWeights.Load(volumes, weights.Path, weights.Tensors, NetWeights.VolumePrefixes)}"];
        }

        return segmenter;
    }

    public WeightsCard Describe(WeightsCard card)
    {
        var settings = new SegmenterSettings
        {
            Labels = _cases.Map.Labels, IsLayered = _cases.Map.IsLayered, Decoder = _decoder, Channels = Channels, VolumeContext = _settings.VolumeContext, Depth = Depth,
        };
        return (_settings.VolumeContext ? card.WithNet(DescribedNets.VolumeEncoder, _volumeEncoder) : card).WithNet(SegmenterSettings.CardName, settings);
    }

    private int? Depth => _context.IsVolumetric ? _settings.Depth : null;

    private IReadOnlyList<string>? Channels => _settings.Channels.Count > 0 ? _settings.Channels : null;

    public Tensor Loss(Segmenter model, LabelledBatch batch, long step)
    {
        // Dropout of the volume encoder draws from libtorch's generator: seeded by the step, a resumed run leaves out the same values.
        if (_settings.VolumeContext)
            manual_seed((long)(RandomStream.For(_settings.Seed, DropoutStream, step).NextBits() >> 1));
        var (input, classes) = batch.ToTensors(_context.Device);                    // [B, C, S, S], [B, S, S]
        var logits = Logits(model, input, batch.Lengths);
        return model.Map.IsLayered ? LayeredSegmentationLoss.Loss(logits, classes) : SegmentationLoss.Loss(logits, classes);
    }

    public void Backward(Segmenter model, Tensor loss) => loss.backward();

    public CaseScore Validate(Segmenter model, StoreCase storeCase) => ScoredCase.Of(model, _context.Store, storeCase, surfaces: false).Score;

    public (double Figure, double TieBreak, string Text) SumUpValidation(IReadOnlyList<CaseScore> scores, MetricsLine line)
    {
        var summary = ScoreSummary.Of(scores);
        ScoreLines.AddValidation(line, summary);
        return (summary.Dice.Mean, 0, FormattableString.Invariant($"Dice {summary.Dice.Mean:0.000}, IoU {summary.Iou.Mean:0.000}"));
    }

    public Segmenter BeginTest(IReadOnlyList<CaseScore> done)
    {
        _pictures = new TestPictures(_context.Folder, _context.Store, _cases.Test, done);
        return Segmenter.Open(_context.Folder.Weights, _settings.Device);
    }

    public CaseScore Test(Segmenter model, StoreCase storeCase)
    {
        var scored = ScoredCase.Of(model, _context.Store, storeCase, _settings.SurfaceDistances);
        _pictures!.Offer(scored, model.Map);
        return scored.Score;
    }

    public MetricsLine TestLine(CaseScore score) => ScoreLines.Case("test", score);

    public (MetricsLine Line, string Text) SumUpTest(IReadOnlyList<CaseScore> scores)
    {
        var summary = ScoreSummary.Of(scores);
        return (ScoreLines.Summary("test", summary), FormattableString.Invariant($"Dice {summary.Dice}, IoU {summary.Iou} over {summary.Cases} cases"));
    }

    /// <summary>The net's scores, [B, C, S, S]; the loss is computed from them in 32 bits.</summary>
    private Tensor Logits(Segmenter model, Tensor input, IReadOnlyList<long> lengths)
    {
        using var autocast = Autocast.Enter(_settings.VolumeContext || _context.IsVolumetric ? Precision.Fp32 : _settings.Precision, _context.Device);
        return model.Forward(input, lengths).to(float32);
    }

    private void CheckBatch()
    {
        if (_settings.VolumeContext && _cases.Train.FirstOrDefault(c => c.Slices < 2) is { } single)
            throw new ConfigurationException($"volume_context: {single.Id} has one slice, which has no neighbours; expected volumes, or volume_context: false.");
        if (Batches.Batch < _settings.Batch && !_settings.VolumeContext && !_context.IsVolumetric)
            _context.Observer.Warn($"batch {_settings.Batch} is more than the {Batches.Batch} training slices; taking all of them in each step.");
        // Batch norm needs two values a channel; the deepest map has (S/32)² of them a slice.
        // That of a 3D net has one for each 16 slices.
        var isSingle = _settings.Batch < 2 * _settings.Depth || _cases.Train.Count == 1;
        if (_context.IsVolumetric && isSingle && _context.Input.Size <= 32 && _cases.Train.Any(c => Math.Min(c.Slices, _settings.Depth) <= ResNet3d.DepthStride))
            throw new ConfigurationException($"batch: one run of {ResNet3d.DepthStride} slices of {_context.Input.Size}×{_context.Input.Size} or fewer is too little for the norms of a 3D net; expected room for two, {2 * _settings.Depth} slices.");
        if (Batches.Batch == 1 && _context.Input.Size <= 32)
            throw new ConfigurationException($"batch: one slice of {_context.Input.Size}×{_context.Input.Size} is too little for batch norm; expected at least 2 slices in a batch.");
    }
}
