using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Training.Clustering;
using Conjoint.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>Stage 1: clustering agreement for 2D images. Learns f_intra and C by Eq. (5).</summary>
internal sealed class SlicesStage : ClusteringStage<SliceBatch>
{
    private readonly StageInputs _inputs;
    private readonly SlicesSettings _settings;
    private readonly LoaderSettings _loading;
    private readonly SliceEncoder _encoder;
    private readonly ProjectionHead _head;
    private readonly CropEmbedding _embedding;

    public SlicesStage(StageInputs inputs, SliceEncoder encoder)
    {
        (_inputs, _settings, _encoder) = (inputs, inputs.Settings.Slices, encoder);
        var samples = inputs.Slices.Count;
        _loading = new LoaderSettings { BatchSize = _settings.Batch, Stage = StageInputs.Ordinal(Name), Workers = inputs.Settings.LoaderWorkers, DataWeights = inputs.Settings.DataWeights };
        StepsPerEpoch = StageSamples.Batches(Name, "slices", samples, _settings.Batch);
        _head = new ProjectionHead(encoder.PooledWidth, _settings.HeadHiddenWidth, _settings.EmbeddingWidth, _settings.HeadBatchNorm);
        _head.to(inputs.Device);
        Chunks = new ChunkedEncoder(encoder, _settings.Chunk, inputs.Device);
        _embedding = new CropEmbedding(encoder, _head, Chunks, inputs.Settings.Input.Scale);
        Clustering = ClusteringFactory.Create(
            inputs, Name, _settings.Prototypes, _settings.EmbeddingWidth, _settings.AssignedCrops, samples, StepsPerEpoch * _settings.Batch, StepsPerEpoch);
        foreach (var (_, net) in Nets)
            net.train();
    }

    public override string Name => StageName.Slices;

    public override StageLength Length => _settings;

    public override double LearningRate => _settings.LearningRate;

    public override int BatchSize => _settings.Batch;

    public override int StepsPerEpoch { get; }

    public override IReadOnlyList<(string Name, nn.Module Net)> Nets =>
        [("slice_encoder", _encoder), ("head", _head), ("prototypes", Clustering.Prototypes)];

    protected override IClustering Clustering { get; }

    protected override ChunkedEncoder Chunks { get; }

    public override Batches<SliceBatch> Open(int epoch, int firstBatch)
    {
        var loader = new SliceViewLoader(_inputs.Slices, _loading, _settings.Views, _inputs.Normalisation, _inputs.Settings.Seed, epoch, firstBatch);
        return new Batches<SliceBatch>(loader, () => loader.WaitSeconds, loader);
    }

    protected override Tensor[] Embed(SliceBatch batch) => _embedding.Embed(batch.Crops);

    protected override Tensor Watched(Tensor[] embeddings) => embeddings[0];

    protected override long[] Indices(SliceBatch batch) => batch.Indices;
}
