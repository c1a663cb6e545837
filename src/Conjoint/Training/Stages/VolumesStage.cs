using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Training.Clustering;
using Conjoint.Training.Settings;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>Stage 3: clustering agreement for 3D volumes. Learns f_intra, f_inter and C by Eq. (12).</summary>
internal sealed class VolumesStage : PretrainingStage<VolumeBatch>
{
    private const int Views = 2;

    private readonly StageInputs _inputs;
    private readonly VolumesSettings _settings;
    private readonly VolumeLoaderSettings _loading;
    private readonly SliceEncoder _sliceEncoder;
    private readonly VolumeEncoder _volumeEncoder;
    private readonly IClustering _clustering;

    public VolumesStage(StageInputs inputs, SliceEncoder sliceEncoder, VolumeEncoder volumeEncoder)
    {
        (_inputs, _settings, _sliceEncoder, _volumeEncoder) = (inputs, inputs.Settings.Volumes, sliceEncoder, volumeEncoder);
        StepsPerEpoch = StageSamples.Batches(Name, "volumes", inputs.Volumes.Count, _settings.Batch);
        _loading = new VolumeLoaderSettings
        {
            BatchSize = _settings.Batch, Stage = StageInputs.Ordinal(Name), Workers = inputs.Settings.LoaderWorkers, Size = _settings.Size, MaxSlices = _settings.MaxSlices,
        };
        _clustering = ClusteringFactory.Create(
            inputs, Name, _settings.Prototypes, volumeEncoder.Settings.Width, Views, inputs.Volumes.Count, StepsPerEpoch * _settings.Batch, StepsPerEpoch);
        foreach (var (_, net) in Nets)
            net.train();
    }

    public override string Name => StageName.Volumes;

    public override StageLength Length => _settings;

    public override double LearningRate => _settings.LearningRate;

    public override int BatchSize => _settings.Batch;

    public override int StepsPerEpoch { get; }

    public override bool NeedsFirstPass => _clustering.NeedsFirstPass;

    public override double? LnK => _clustering.Prototypes.Counts.Average(k => Math.Log(k));

    public override IReadOnlyList<(string Name, nn.Module Net)> Nets =>
        [("slice_encoder", _sliceEncoder), ("volume_encoder", _volumeEncoder), ("prototypes", _clustering.Prototypes)];

    public override Batches<VolumeBatch> Open(int epoch, int firstBatch)
    {
        var loader = new VolumeViewLoader(_inputs.Volumes, _loading, _settings.Views, _inputs.Normalisation, _inputs.Settings.Seed, epoch, firstBatch);
        return new Batches<VolumeBatch>(loader, () => loader.WaitSeconds, loader);
    }

    public override void BeginEpoch(int epoch) => _clustering.BeginEpoch(epoch);

    public override void BeforeStep() => _clustering.BeforeStep();

    public override void FirstPass(VolumeBatch batch, BatchPosition position)
    {
        using var scope = NewDisposeScope();
        _clustering.Remember(Embed(batch), batch.Indices, (long)position.Batch * BatchSize);
    }

    public override StageLoss Loss(VolumeBatch batch, BatchPosition position)
    {
        using var scope = NewDisposeScope();
        var embeddings = Embed(batch);                                                      // Z_s, Z_t: [view] of [B, d], Eq. (10)
        var step = _clustering.Step(embeddings, batch.Indices, position.Epoch, (long)position.Batch * BatchSize);   // Eq. (11)
        scope.MoveToOuter(step.Usage);
        return new StageLoss(step.Loss.MoveToOuterDisposeScope(), cat(embeddings, 0).detach().MoveToOuterDisposeScope(), step.Usage);
    }

    public override void AfterBackward(long step) => _clustering.AfterBackward(step);

    public override IReadOnlyDictionary<string, Tensor> StateDict() => _clustering.StateDict();

    public override void LoadStateDict(IReadOnlyDictionary<string, Tensor> state) => _clustering.LoadStateDict(state);

    public override void Dispose()
    {
        base.Dispose();
        _clustering.Dispose();
    }

    /// <summary>Eq. (9), (10): the volumes' unit embeddings, both views through the nets together.</summary>
    private Tensor[] Embed(VolumeBatch batch)
    {
        long[] lengths = [.. batch.Lengths, .. batch.Lengths];
        var slices = cat([.. batch.Views], 0).to(_inputs.Device);                           // [2·ΣN, 1, S, S]
        var features = PaddedSlices.Pad(_sliceEncoder.forward(slices), lengths);            // Y: [2B, N, F_in], Eq. (9)
        var (_, embedding) = _volumeEncoder.Encode(features, lengths);                      // [2B, d]
        return [.. embedding.chunk(Views, 0)];
    }
}
