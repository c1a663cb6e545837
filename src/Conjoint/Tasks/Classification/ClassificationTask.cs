using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.FineTuning;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Stages;
using static TorchSharp.torch;

namespace Conjoint.Tasks.Classification;

/// <summary>Classification as fine-tuning sees it: volumes in, a probability for each class out, the area under the ROC curve to choose by.</summary>
internal sealed class ClassificationTask : IFineTuneTask<Classifier, LabelledVolumeBatch, ClassifiedCase>, IDisposable
{
    private const long DropoutStream = 0xD809; // the name of a stream under one seed

    private readonly FineTuneContext _context;
    private readonly ClassificationSettings _settings;
    private readonly ClassificationCases _cases;
    private readonly LabelledVolumeLoader _loader;
    private readonly ClassifierSettings _classifier;
    private readonly VolumeEncoderSettings _volumeEncoder;
    private readonly bool _hasVolumeEncoder;
    private readonly Tensor? _classWeights;

    public ClassificationTask(FineTuneContext context, ClassificationSettings settings, ClassificationCases cases)
    {
        (_context, _settings, _cases) = (context, settings, cases);
        var card = context.Weights?.Card?.Net<VolumeEncoderSettings>(DescribedNets.VolumeEncoder);
        _hasVolumeEncoder = card is not null && NetWeights.HoldVolumeEncoder(context.Weights!.Tensors);
        _volumeEncoder = _hasVolumeEncoder ? card! : settings.VolumeEncoder;
        _classifier = new ClassifierSettings
        {
            Classes = cases.Classes, Positive = Positive(), Specificities = settings.Specificities, HiddenWidth = settings.HiddenWidth, Dropout = settings.Dropout,
            CubeMm = settings.CubeMm, Volumetric = context.IsVolumetric,
        };
        _loader = new LabelledVolumeLoader(context.Store, cases, context.Input, settings);
        CheckBatch();
        if (settings.Balance == ClassBalance.Loss)
            _classWeights = tensor(WeightsOf(_loader.Counts)).to(context.Device).DetachFromDisposeScope();
    }

    public string Name => FineTunedModel.Classify;

    public string Title => "Fine-tuning: classification";

    public LabelledCases Cases => _cases;

    public ITrainingBatches<LabelledVolumeBatch> Batches => _loader;

    public IReadOnlyDictionary<int, string> ClassNames => _cases.Classes.Index().ToDictionary(c => c.Index, c => c.Item);

    public string? ValidationFault =>
        _cases.Validation.Count == 0 ? "No labelled validation case to choose the learning rate on"
        : _cases.Validation.Select(TruthOf).Distinct().Count() < 2 ? "The validation cases are all of one class, so that nothing can be chosen on them"
        : null;

    public string Announcement =>
        $"{_cases.TrainSubjects} labelled subjects, {_cases.Train.Count} cases ({string.Join(", ", _cases.Classes.Select((name, k) => $"{_loader.Counts[k]} of class {name}"))}); "
        + $"{_cases.Validation.Count} cases for validation, {_cases.Test.Count} for the test";

    public string NumberChangingSettings => SettingsWriter.Write(NumberChanging.OnDevice(_settings));

    public string Configuration(string weights) => SettingsWriter.Write(new FineTuneConfiguration<ClassificationSettings>
    {
        Task = Name,
        Data = _context.Store.Folder,
        Weights = weights,
        Settings = _settings with { Input = _context.Input, Encoder = _context.Encoder, VolumeEncoder = _volumeEncoder, Positive = _cases.Classes[_classifier.Positive] },
    });

    public Classifier Fresh(out IReadOnlyList<string> reports)
    {
        var classifier = Classifier.Create(
            _context.Encoder, _context.IsVolumetric ? null : _volumeEncoder, _classifier, _context.Input, _settings.Seed, _context.Device, _settings.Chunk,
            isVolumeEncoderNew: _context.Weights is not null && !_hasVolumeEncoder);
        var weights = _context.Weights;
        if (classifier.Net is ResNet3dClassifier deep)
        {
            reports = [weights is null ? "3D encoder: random first weights" : $"3D encoder: {NetWeights.Load(deep.Encoder, weights.Path, weights.Tensors, NetWeights.ResNet3dPrefixes)}"];
            return classifier;
        }

        reports =
        [
            weights is null
                ? "slice encoder: random first weights"
                : $"slice encoder: {NetWeights.Load(classifier.JointNet.SliceEncoder, weights.Path, weights.Tensors, NetWeights.SlicePrefixes)}",
            weights is null || !_hasVolumeEncoder
                ? "volume encoder: random first weights"
                : $"volume encoder: {NetWeights.Load(classifier.JointNet.VolumeEncoder, weights.Path, weights.Tensors, NetWeights.VolumePrefixes)}",
        ];
        return classifier;
    }

    public WeightsCard Describe(WeightsCard card) => (_context.IsVolumetric ? card : card.WithNet(DescribedNets.VolumeEncoder, _volumeEncoder)).WithNet(ClassifierSettings.CardName, _classifier);

    /// <summary>Cross-entropy of the batch, in 32 bits.</summary>
    public Tensor Loss(Classifier model, LabelledVolumeBatch batch, long step)
    {
        model.Chunks.Forget(); // of a step that was left out
        // Dropout draws from libtorch's generator: seeded by the step, a resumed run leaves out the same values.
        manual_seed((long)(RandomStream.For(_settings.Seed, DropoutStream, step).NextBits() >> 1));
        var (slices, classes) = batch.ToTensors(_context.Device);                   // [ΣN, 1, S, S], [B]
        if (_context.IsVolumetric)
            return nn.functional.cross_entropy(model.Forward(slices, batch.Lengths), classes, weight: _classWeights);
        Tensor features;
        using (Autocast())
            features = model.Chunks.Encode(slices, model.JointNet.SliceEncoder.forward); // [ΣN, F]
        var padded = PaddedSlices.Pad(features.to(float32), batch.Lengths);         // Y: [B, Nmax, F], Eq. (9)
        var logits = model.Net.forward(padded, batch.Lengths);                      // [B, classes]
        return nn.functional.cross_entropy(logits, classes, weight: _classWeights);
    }

    public void Backward(Classifier model, Tensor loss)
    {
        loss.backward();
        model.Chunks.Backward(Autocast);
    }

    public ClassifiedCase Validate(Classifier model, StoreCase storeCase) => Test(model, storeCase);

    /// <summary>Few validation cases have few different areas: of equal ones the better probabilities decide.</summary>
    public (double Figure, double TieBreak, string Text) SumUpValidation(IReadOnlyList<ClassifiedCase> scores, MetricsLine line)
    {
        var summary = ClassificationSummary.Of(scores, _classifier);
        ClassificationLines.Add(line, summary);
        return (summary.Auc, -summary.CrossEntropy, summary.ToString());
    }

    public Classifier BeginTest(IReadOnlyList<ClassifiedCase> done) => Classifier.Open(_context.Folder.Weights, _settings.Device);

    public ClassifiedCase Test(Classifier model, StoreCase storeCase) => new(storeCase.Id, TruthOf(storeCase), model.Classify(_context.Store, storeCase));

    public MetricsLine TestLine(ClassifiedCase score) => ClassificationLines.Case("test", score);

    public (MetricsLine Line, string Text) SumUpTest(IReadOnlyList<ClassifiedCase> scores)
    {
        var summary = ClassificationSummary.Of(scores, _classifier);
        return (ClassificationLines.Summary("test", summary, _classifier.Positive), summary.ToString());
    }

    /// <summary>The scores summed up as the classifier's card asks for.</summary>
    public ClassificationSummary Summary(IReadOnlyList<ClassifiedCase> scores) => ClassificationSummary.Of(scores, _classifier);

    public void Dispose() => _classWeights?.Dispose();

    private IDisposable Autocast() => Runtime.Autocast.Enter(_settings.Precision, _context.Device);

    private int TruthOf(StoreCase storeCase) => ClassificationCases.TruthOf(_context.Store, storeCase, _cases.Classes);

    private int Positive()
    {
        if (_settings.Positive is not { } name)
            return 1;
        if (_cases.Classes.Count != 2)
            throw new ConfigurationException($"positive: received '{name}', but there are {_cases.Classes.Count} classes; expected it with two classes only.");
        return _cases.Classes.Contains(name)
            ? _cases.Classes.TakeWhile(c => c != name).Count()
            : throw new ConfigurationException($"positive: received '{name}'; expected one of the classes {string.Join(", ", _cases.Classes)}.");
    }

    /// <summary>n / (C · n_k): as often as a class has too few cases, so much more each counts; their mean over all cases is 1.</summary>
    private static float[] WeightsOf(IReadOnlyList<int> counts)
    {
        var there = counts.Count(n => n > 0);
        return [.. counts.Select(n => n == 0 ? 0 : (float)counts.Sum() / (there * n))];
    }

    private void CheckBatch()
    {
        if (_loader.Batch < _settings.Batch)
            _context.Observer.Warn($"batch {_settings.Batch} is more than the {_loader.Batch} training cases; taking all of them in each step.");
        foreach (var (k, count) in _loader.Counts.Index().Where(c => c.Item == 0))
            _context.Observer.Warn($"No training case is of class '{_cases.Classes[k]}': it can't be learned.");
        // Batch norm needs two values a channel; the deepest map has (S/32)² of them a slice.
        if (_loader.Batch == 1 && _context.Input.Size <= 32 && _cases.Train.Any(c => Math.Min(c.Slices, _settings.MaxSlices) == 1))
            throw new ConfigurationException($"batch: one slice of {_context.Input.Size}×{_context.Input.Size} is too little for batch norm; expected at least 2 slices in a batch.");
        if (_context.IsVolumetric && _loader.Batch == 1 && _context.Input.Size <= 32 && _cases.Train.Any(c => Math.Min(c.Slices, _settings.MaxSlices) <= ResNet3d.DepthStride))
            throw new ConfigurationException($"batch: one volume of {_context.Input.Size}×{_context.Input.Size} with {ResNet3d.DepthStride} slices or fewer is too little for the norms of a 3D net; expected at least 2 volumes in a batch.");
        if (_loader.MostSlices * _context.Input.Size * _context.Input.Size > Array.MaxLength)
            throw new ConfigurationException($"batch: {_loader.Batch} volumes of up to {_loader.MostSlices} slices together of {_context.Input.Size}×{_context.Input.Size} don't fit into one batch; expected fewer, or a smaller max_slices.");
    }
}
