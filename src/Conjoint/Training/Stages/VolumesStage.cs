using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Training.Clustering;
using Conjoint.Training.Settings;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>Stage 3: clustering agreement for 3D volumes. Learns f_intra, f_inter and C by Eq. (12), with Eq. (5) beside it where a weight says so.</summary>
internal sealed class VolumesStage : ClusteringStage<VolumeBatch>
{
    private const int Views = 2;
    private const string SliceTermPrefix = "slice_term.";

    private readonly StageInputs _inputs;
    private readonly VolumesSettings _settings;
    private readonly VolumeLoaderSettings _loading;
    private readonly SliceCropSettings? _crops;
    private readonly SliceEncoder _sliceEncoder;
    private readonly VolumeEncoder _volumeEncoder;

    public VolumesStage(StageInputs inputs, SliceEncoder sliceEncoder, VolumeEncoder volumeEncoder)
    {
        (_inputs, _settings, _sliceEncoder, _volumeEncoder) = (inputs, inputs.Settings.Volumes, sliceEncoder, volumeEncoder);
        StepsPerEpoch = StageSamples.Batches(Name, "volumes", inputs.Volumes.Count, _settings.Batch);
        _loading = new VolumeLoaderSettings
        {
            BatchSize = _settings.Batch, Stage = StageInputs.Ordinal(Name), Workers = inputs.Settings.LoaderWorkers, Size = _settings.Size, MaxSlices = _settings.MaxSlices,
            DataWeights = inputs.Settings.DataWeights, Fit = _settings.Fit, RealSpacing = _settings.Fit == SliceFit.Resize,
        };
        Chunks = new ChunkedEncoder(sliceEncoder, _settings.Chunk, inputs.Device);
        Clustering = ClusteringFactory.Create(
            inputs, Name, _settings.Prototypes, volumeEncoder.Settings.Width, [.. Enumerable.Range(0, Views)], inputs.Volumes.Count, StepsPerEpoch * _settings.Batch, StepsPerEpoch);
        if (_settings.SliceTerm.Weight > 0)
        {
            SliceTerm = new SliceTerm(inputs, sliceEncoder, Chunks, StepsPerEpoch);
            _crops = new SliceCropSettings { Views = inputs.Settings.Slices.Views, SlicesPerVolume = SliceTerm.SlicesPerVolume, MinimumStd = inputs.Settings.Slices.MinStd };
        }

        foreach (var (_, net) in Nets)
            net.train();
    }

    public override string Name => StageName.Volumes;

    public override StageLength Length => _settings;

    public override double LearningRate => _settings.LearningRate;

    public override int BatchSize => _settings.Batch;

    public override int StepsPerEpoch { get; }

    public override IReadOnlyList<(string Name, nn.Module Net)> Nets =>
        [("slice_encoder", _sliceEncoder), ("volume_encoder", _volumeEncoder), ("prototypes", Clustering.Prototypes), .. SliceTerm?.Nets ?? []];

    /// <summary>The 2D term; null without one.</summary>
    public SliceTerm? SliceTerm { get; }

    public override double? LnK => base.LnK + (SliceTerm is { } term ? term.Weight * term.Clustering.Prototypes.Counts.Average(k => Math.Log(k)) : 0);

    protected override IClustering Clustering { get; }

    protected override ChunkedEncoder Chunks { get; }

    public override Batches<VolumeBatch> Open(int epoch, int firstBatch)
    {
        var loader = new VolumeViewLoader(_inputs.Volumes, _loading, _settings.Views, _inputs.Normalisation, _inputs.Settings.Seed, epoch, firstBatch, _crops);
        return new Batches<VolumeBatch>(loader, () => loader.WaitSeconds, loader);
    }

    public override void BeginEpoch(int epoch)
    {
        base.BeginEpoch(epoch);
        SliceTerm?.Clustering.BeginEpoch(epoch);
    }

    public override void BeforeStep()
    {
        base.BeforeStep();
        SliceTerm?.Clustering.BeforeStep();
    }

    public override bool FirstPass(VolumeBatch batch, BatchPosition position)
    {
        using var scope = NewDisposeScope();
        var finite = base.FirstPass(batch, position);
        return (SliceTerm?.Clustering.Remember(SliceTerm.Embed(batch), batch.SliceIndices, FirstSlice(position)) ?? true) && finite;
    }

    /// <summary>Eq. (12), or (12) + weight · (5).</summary>
    public override StageLoss Loss(VolumeBatch batch, BatchPosition position)
    {
        using var scope = NewDisposeScope();
        var volumes = base.Loss(batch, position);
        if (SliceTerm is not { } term)
            return Outside(volumes, volumes.Loss);
        var slices = term.Clustering.Step(term.Embed(batch), batch.SliceIndices, position.Step, FirstSlice(position));
        return Outside(volumes, volumes.Loss + slices.Loss * term.Weight);

        StageLoss Outside(StageLoss loss, Tensor sum)
        {
            scope.MoveToOuter([sum, loss.Embeddings, .. loss.Usage]);
            return loss with { Loss = sum };
        }
    }

    public override void AfterBackward(long step)
    {
        base.AfterBackward(step);
        SliceTerm?.Clustering.AfterBackward(step);
    }

    public override IReadOnlyDictionary<string, Tensor> StateDict() =>
        SliceTerm is null ? base.StateDict() : base.StateDict().Concat(SliceTerm.Clustering.StateDict().Select(t => KeyValuePair.Create(SliceTermPrefix + t.Key, t.Value))).ToDictionary();

    public override void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        base.LoadStateDict(state);
        SliceTerm?.Clustering.LoadStateDict(state.Where(t => t.Key.StartsWith(SliceTermPrefix, StringComparison.Ordinal)).ToDictionary(t => t.Key[SliceTermPrefix.Length..], t => t.Value));
    }

    public override void Dispose()
    {
        base.Dispose();
        SliceTerm?.Dispose();
    }

    /// <summary>Eq. (9), (10): the volumes' unit embeddings, both views through the nets together.</summary>
    protected override Tensor[] Embed(VolumeBatch batch)
    {
        long[] lengths = [.. batch.Lengths, .. batch.Lengths];
        var slices = cat([.. batch.Views], 0);                                              // [2·ΣN, 1, S, S]
        var features = PaddedSlices.Pad(Chunks.Encode(slices, _sliceEncoder.forward), lengths);   // Y: [2B, N, F_in], Eq. (9)
        var (_, embedding) = _volumeEncoder.Encode(features, lengths);                      // [2B, d]
        if (_settings.Centre)
            embedding = UnitRows.Of(embedding - embedding.mean([0], keepdim: true));
        return [.. embedding.chunk(Views, 0)];
    }

    protected override Tensor Watched(Tensor[] embeddings) => cat(embeddings, 0);

    protected override long[] Indices(VolumeBatch batch) => batch.Indices;

    /// <summary>Slices of the 2D term seen before a batch in its epoch.</summary>
    private long FirstSlice(BatchPosition position) => (long)position.Batch * BatchSize * SliceTerm!.SlicesPerVolume;
}
