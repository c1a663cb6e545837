using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Training.Clustering;
using Conjoint.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>
/// The paper's baselines 3D-SwAV and 3D-DeepCluster: clustering agreement of two views of a volume, Eq. (11) and (12), with a ResNet of 3D convolutions and the
/// projection head of stage <c>slices</c> in place of both encoders.
/// </summary>
/// <remarks>
/// The paper says no more of them than that they are trained on all 3D data: views, batch, rate, length and prototypes are those of stage <c>volumes</c>, head and
/// embedding those of <c>slices</c>.
/// </remarks>
internal sealed class Volumes3dStage : ClusteringStage<VolumeBatch>
{
    private const int Views = 2;

    private readonly StageInputs _inputs;
    private readonly VolumesSettings _settings;
    private readonly VolumeLoaderSettings _loading;
    private readonly ResNet3d _encoder;
    private readonly ProjectionHead _head;

    public Volumes3dStage(StageInputs inputs, ResNet3d encoder)
    {
        (_inputs, _settings, _encoder) = (inputs, inputs.Settings.Volumes, encoder);
        StepsPerEpoch = StageSamples.Batches(StageName.Volumes, "volumes", inputs.Volumes.Count, _settings.Batch);
        _loading = new VolumeLoaderSettings
        {
            BatchSize = _settings.Batch, Stage = StageInputs.Ordinal(Name), Workers = inputs.Settings.LoaderWorkers, Size = _settings.Size, MaxSlices = _settings.MaxSlices,
            DataWeights = inputs.Settings.DataWeights, Fit = _settings.Fit, RealSpacing = _settings.Fit == SliceFit.Resize,
        };
        var slices = inputs.Settings.Slices;
        _head = new ProjectionHead(encoder.PooledWidth, slices.HeadHiddenWidth, slices.EmbeddingWidth, slices.HeadBatchNorm);
        _head.to(inputs.Device);
        Chunks = new ChunkedEncoder(encoder, chunk: null, inputs.Device);
        Clustering = ClusteringFactory.Create(
            inputs, StageName.Volumes, _settings.Prototypes, slices.EmbeddingWidth, [.. Enumerable.Range(0, Views)], inputs.Volumes.Count, StepsPerEpoch * _settings.Batch, StepsPerEpoch);
        foreach (var (_, net) in Nets)
            net.train();
    }

    public override string Name => StageName.Volumes3d;

    public override StageLength Length => _settings;

    public override double LearningRate => _settings.LearningRate;

    public override int BatchSize => _settings.Batch;

    public override int StepsPerEpoch { get; }

    public override IReadOnlyList<(string Name, nn.Module Net)> Nets => [(DescribedNets.ResNet3d, _encoder), ("head", _head), ("prototypes", Clustering.Prototypes)];

    protected override IClustering Clustering { get; }

    protected override ChunkedEncoder Chunks { get; }

    public override Batches<VolumeBatch> Open(int epoch, int firstBatch)
    {
        var loader = new VolumeViewLoader(_inputs.Volumes, _loading, _settings.Views, _inputs.Normalisation, _inputs.Settings.Seed, epoch, firstBatch);
        return new Batches<VolumeBatch>(loader, () => loader.WaitSeconds, loader);
    }

    /// <summary>Eq. (10) with one net: the volumes' unit embeddings, both views through it together.</summary>
    protected override Tensor[] Embed(VolumeBatch batch)
    {
        using var inFull = Autocast.Suspend(_inputs.Device);        // see Bottleneck: bf16 gradients of small maps aren't to be trusted
        long[] lengths = [.. batch.Lengths, .. batch.Lengths];
        var slices = cat([.. batch.Views], 0);                                                              // [2·ΣN, 1, S, S]
        var volumes = SlicePacking.ToVolumes(slices, lengths);                                              // [2B, 1, Nmax, S, S]
        var pooled = Chunks.Encode(volumes, v => _encoder.Pooled(v, lengths));                              // [2B, 32·base]
        return [.. _head.forward(pooled).chunk(Views, 0)];                                                  // [B, F] each
    }

    protected override Tensor Watched(Tensor[] embeddings) => cat(embeddings, 0);

    protected override long[] Indices(VolumeBatch batch) => batch.Indices;
}
