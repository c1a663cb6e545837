using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Training.Clustering;
using Conjoint.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>Stage 1: clustering agreement for 2D images. Learns f_intra and C by Eq. (5).</summary>
internal sealed class SlicesStage : PretrainingStage<SliceBatch>
{
    private readonly StageInputs _inputs;
    private readonly SlicesSettings _settings;
    private readonly LoaderSettings _loading;
    private readonly SliceEncoder _encoder;
    private readonly ProjectionHead _head;
    private readonly IClustering _clustering;

    public SlicesStage(StageInputs inputs, SliceEncoder encoder)
    {
        (_inputs, _settings, _encoder) = (inputs, inputs.Settings.Slices, encoder);
        var samples = inputs.Slices.Count;
        _loading = new LoaderSettings { BatchSize = _settings.Batch, Stage = StageInputs.Ordinal(Name), Workers = inputs.Settings.LoaderWorkers };
        StepsPerEpoch = StageSamples.Batches(Name, "slices", samples, _settings.Batch);
        _head = new ProjectionHead(encoder.PooledWidth, _settings.HeadHiddenWidth, _settings.EmbeddingWidth, _settings.HeadBatchNorm);
        _head.to(inputs.Device);
        _clustering = ClusteringFactory.Create(
            inputs, Name, _settings.Prototypes, _settings.EmbeddingWidth, SlicesSettings.AssignedCrops, samples, StepsPerEpoch * _settings.Batch, StepsPerEpoch);
        foreach (var (_, net) in Nets)
            net.train();
    }

    public override string Name => StageName.Slices;

    public override StageLength Length => _settings;

    public override double LearningRate => _settings.LearningRate;

    public override int BatchSize => _settings.Batch;

    public override int StepsPerEpoch { get; }

    public override bool NeedsFirstPass => _clustering.NeedsFirstPass;

    public override double? LnK => _clustering.Prototypes.Counts.Average(k => Math.Log(k));

    public override IReadOnlyList<(string Name, nn.Module Net)> Nets =>
        [("slice_encoder", _encoder), ("head", _head), ("prototypes", _clustering.Prototypes)];

    public override Batches<SliceBatch> Open(int epoch, int firstBatch)
    {
        var loader = new SliceViewLoader(_inputs.Slices, _loading, _settings.Views, _inputs.Normalisation, _inputs.Settings.Seed, epoch, firstBatch);
        return new Batches<SliceBatch>(loader, () => loader.WaitSeconds, loader);
    }

    public override void BeginEpoch(int epoch) => _clustering.BeginEpoch(epoch);

    public override void BeforeStep() => _clustering.BeforeStep();

    public override void FirstPass(SliceBatch batch, BatchPosition position)
    {
        using var scope = NewDisposeScope();
        _clustering.Remember(Embed(batch), batch.Indices, (long)position.Batch * BatchSize);
    }

    public override StageLoss Loss(SliceBatch batch, BatchPosition position)
    {
        using var scope = NewDisposeScope();
        var embeddings = Embed(batch);                                                     // [crop] of [B, F], Eq. (1)
        var step = _clustering.Step(embeddings, batch.Indices, position.Epoch, (long)position.Batch * BatchSize);   // Eq. (2)–(4)
        scope.MoveToOuter(step.Usage);
        return new StageLoss(step.Loss.MoveToOuterDisposeScope(), embeddings[0].detach().MoveToOuterDisposeScope(), step.Usage);
    }

    public override void AfterBackward(long step) => _clustering.AfterBackward(step);

    public override IReadOnlyDictionary<string, Tensor> StateDict() => _clustering.StateDict();

    public override void LoadStateDict(IReadOnlyDictionary<string, Tensor> state) => _clustering.LoadStateDict(state);

    public override void Dispose()
    {
        base.Dispose();
        _clustering.Dispose();
    }

    /// <summary>Eq. (1): z = f(x) / ‖f(x)‖ for every crop; crops of one size go through the encoder together.</summary>
    private Tensor[] Embed(SliceBatch batch)
    {
        var pooled = new List<Tensor>();
        for (var first = 0; first < batch.Crops.Count;)
        {
            var size = batch.Crops[first].shape[3];
            Tensor[] alike = [.. batch.Crops.Skip(first).TakeWhile(c => c.shape[3] == size)];
            pooled.Add(_encoder.Pooled(cat(alike, 0).to(_inputs.Device)));                 // [crops·B, 32·base]
            first += alike.Length;
        }

        var z = _head.forward(cat([.. pooled], 0));                                        // [all crops·B, F], unit rows
        return [.. z.chunk(batch.Crops.Count, 0)];
    }
}
