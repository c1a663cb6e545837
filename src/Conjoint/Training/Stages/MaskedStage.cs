using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Nets;
using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>Stage 2: masked feature embedding prediction. Learns f_inter and f_decode by Eq. (15); f_intra stands still.</summary>
internal sealed class MaskedStage : PretrainingStage<VolumeBatch>
{
    private readonly StageInputs _inputs;
    private readonly MaskedSettings _settings;
    private readonly VolumeLoaderSettings _loading;
    private readonly SliceEncoder _sliceEncoder;
    private readonly MaskedModel _model;
    private readonly ChunkedEncoder _chunks;

    public MaskedStage(StageInputs inputs, SliceEncoder sliceEncoder, VolumeEncoder volumeEncoder)
    {
        (_inputs, _settings, _sliceEncoder) = (inputs, inputs.Settings.Masked, sliceEncoder);
        StepsPerEpoch = StageSamples.Batches(Name, "volumes", inputs.Volumes.Count, _settings.Batch);
        _loading = new VolumeLoaderSettings
        {
            BatchSize = _settings.Batch, Stage = StageInputs.Ordinal(Name), Workers = inputs.Settings.LoaderWorkers, Size = _settings.Size, MaxSlices = _settings.MaxSlices,
            DataWeights = inputs.Settings.DataWeights, Fit = _settings.Fit, RealSpacing = _settings.Fit == SliceFit.Resize,
        };
        _model = new MaskedModel(volumeEncoder, _settings.Target);
        _model.to(inputs.Device);
        _model.train();
        _sliceEncoder.eval();
        _chunks = new ChunkedEncoder(_sliceEncoder, _settings.Chunk, inputs.Device);
    }

    public override string Name => StageName.Masked;

    public override StageLength Length => _settings;

    public override double LearningRate => _settings.LearningRate;

    public override int BatchSize => _settings.Batch;

    public override int StepsPerEpoch { get; }

    public override IReadOnlyList<(string Name, nn.Module Net)> Nets => [("slice_encoder", _sliceEncoder), ("masked", _model)];

    public override IEnumerable<(string Name, nn.Module Net)> Trained => [("masked", _model)];

    public override Batches<VolumeBatch> Open(int epoch, int firstBatch)
    {
        var loader = new VolumeViewLoader(_inputs.Volumes, _loading, _settings.Views, _inputs.Normalisation, _inputs.Settings.Seed, epoch, firstBatch);
        return new Batches<VolumeBatch>(loader, () => loader.WaitSeconds, loader);
    }

    public override StageLoss Loss(VolumeBatch batch, BatchPosition position)
    {
        using var scope = NewDisposeScope();
        long[] lengths = [.. batch.Lengths, .. batch.Lengths];                                          // both views: 2B volumes
        var features = Features(batch, lengths);                                                        // Y: [2B, N, F_in], Eq. (9)
        var mask = Mask(lengths, RandomStream.For(_inputs.Seed(Name), position.Epoch, position.Batch));   // m: [2B, N]

        var predicted = _model.Predict(features, lengths, mask);                                        // [2B, N, F_in], Eq. (13), (14)
        var loss = Loss(_model.TargetOf(features, lengths), predicted, mask);                           // Eq. (15)
        return new StageLoss(loss.MoveToOuterDisposeScope(), Watched(predicted, mask).MoveToOuterDisposeScope(), []);
    }

    /// <summary>f_intra of every slice, padded to the longest volume; its own gradient is not needed.</summary>
    private Tensor Features(VolumeBatch batch, long[] lengths)
    {
        using var noGradient = no_grad();
        var slices = cat([.. batch.Views], 0);                                                          // [2·ΣN, 1, S, S]
        return PaddedSlices.Pad(_chunks.Encode(slices, _sliceEncoder.forward), lengths);
    }

    /// <summary>The slices to hide: paper: anew for each view; released: the same in both.</summary>
    private Tensor Mask(long[] lengths, RandomStream random)
    {
        using var scope = NewDisposeScope();
        var mask = _settings.Target == MaskedTarget.Features
            ? MaskedEmbedding.Draw(lengths, _settings.MaskRatio, random.NextInt)
            : MaskedEmbedding.Draw(lengths[..(lengths.Length / 2)], _settings.MaskRatio, random.NextInt, count: MaskedEmbedding.ReleasedMaskedCount).repeat(2, 1);
        return mask.to(_inputs.Device).MoveToOuterDisposeScope();
    }

    private Tensor Loss(Tensor target, Tensor predicted, Tensor mask)
    {
        if (_settings.Target == MaskedTarget.Features)
            return MaskedEmbedding.Loss(target, predicted, mask);
        using var scope = NewDisposeScope();
        var divisor = MaskedEmbedding.ReleasedDivisor(target.shape[1], _settings.MaskRatio);
        var (targets, predictions) = (target.chunk(2, 0), predicted.chunk(2, 0));                       // by view
        var loss = MaskedEmbedding.ReleasedLoss(targets[0], predictions[0], divisor) + MaskedEmbedding.ReleasedLoss(targets[1], predictions[1], divisor);
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>What the collapse monitors look at: the predictions at masked slices, as unit vectors.</summary>
    private static Tensor Watched(Tensor predicted, Tensor mask)
    {
        using var scope = NewDisposeScope();
        return UnitRows.Of(predicted.detach()[mask]).MoveToOuterDisposeScope();
    }
}
