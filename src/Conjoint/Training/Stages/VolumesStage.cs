using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Training.Clustering;
using Conjoint.Training.Settings;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>Stage 3: clustering agreement for 3D volumes. Learns f_intra, f_inter and C by Eq. (12).</summary>
internal sealed class VolumesStage : ClusteringStage<VolumeBatch>
{
    private const int Views = 2;

    private readonly StageInputs _inputs;
    private readonly VolumesSettings _settings;
    private readonly VolumeLoaderSettings _loading;
    private readonly SliceEncoder _sliceEncoder;
    private readonly VolumeEncoder _volumeEncoder;

    public VolumesStage(StageInputs inputs, SliceEncoder sliceEncoder, VolumeEncoder volumeEncoder)
    {
        (_inputs, _settings, _sliceEncoder, _volumeEncoder) = (inputs, inputs.Settings.Volumes, sliceEncoder, volumeEncoder);
        StepsPerEpoch = StageSamples.Batches(Name, "volumes", inputs.Volumes.Count, _settings.Batch);
        _loading = new VolumeLoaderSettings
        {
            BatchSize = _settings.Batch, Stage = StageInputs.Ordinal(Name), Workers = inputs.Settings.LoaderWorkers, DataWeights = inputs.Settings.DataWeights, Size = _settings.Size, MaxSlices = _settings.MaxSlices,
        };
        Clustering = ClusteringFactory.Create(
            inputs, Name, _settings.Prototypes, volumeEncoder.Settings.Width, Views, inputs.Volumes.Count, StepsPerEpoch * _settings.Batch, StepsPerEpoch);
        foreach (var (_, net) in Nets)
            net.train();
    }

    public override string Name => StageName.Volumes;

    public override StageLength Length => _settings;

    public override double LearningRate => _settings.LearningRate;

    public override int BatchSize => _settings.Batch;

    public override int StepsPerEpoch { get; }

    public override IReadOnlyList<(string Name, nn.Module Net)> Nets =>
        [("slice_encoder", _sliceEncoder), ("volume_encoder", _volumeEncoder), ("prototypes", Clustering.Prototypes)];

    protected override IClustering Clustering { get; }

    public override Batches<VolumeBatch> Open(int epoch, int firstBatch)
    {
        var loader = new VolumeViewLoader(_inputs.Volumes, _loading, _settings.Views, _inputs.Normalisation, _inputs.Settings.Seed, epoch, firstBatch);
        return new Batches<VolumeBatch>(loader, () => loader.WaitSeconds, loader);
    }

    /// <summary>Eq. (9), (10): the volumes' unit embeddings, both views through the nets together.</summary>
    protected override Tensor[] Embed(VolumeBatch batch)
    {
        long[] lengths = [.. batch.Lengths, .. batch.Lengths];
        var slices = cat([.. batch.Views], 0).to(_inputs.Device);                           // [2·ΣN, 1, S, S]
        var features = PaddedSlices.Pad(_sliceEncoder.forward(slices), lengths);            // Y: [2B, N, F_in], Eq. (9)
        var (_, embedding) = _volumeEncoder.Encode(features, lengths);                      // [2B, d]
        return [.. embedding.chunk(Views, 0)];
    }

    protected override Tensor Watched(Tensor[] embeddings) => cat(embeddings, 0);

    protected override long[] Indices(VolumeBatch batch) => batch.Indices;
}
