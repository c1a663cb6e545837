using Conjoint.Data.Augmentation;
using Conjoint.Nets;
using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Training.Clustering;

/// <summary>
/// DeepCluster-v2: before each epoch the embeddings of the last one are clustered; the centroids become the prototypes, and
/// each sample's cluster is what its crops have to predict.
/// </summary>
internal sealed class DeepClusterClustering : IClustering
{
    private readonly MemoryBank _memory;
    private readonly SphericalKMeans _kmeans;
    private readonly ClusterPrediction _objective;
    private readonly Tensor _targets;               // [heads, samples]
    private readonly IProcessGroup _group;
    private readonly IReadOnlyList<int> _assignedCrops;
    private readonly Device _device;
    private readonly long _freezeSteps;
    private readonly long _seed;

    /// <param name="clustering">Temperature and rounds.</param>
    /// <param name="prototypes">Whether centroids are trained between clusterings.</param>
    /// <param name="counts">K of each head.</param>
    /// <param name="width">F.</param>
    /// <param name="assignedCrops">Crops that are remembered, each in a bank of its own; head h clusters bank h mod their number.</param>
    /// <param name="samples">Samples of all data sets.</param>
    /// <param name="rows">Samples in an epoch, a partial last batch left out.</param>
    /// <param name="stepsPerEpoch">Steps in an epoch.</param>
    /// <param name="seed">Decides the rows from which k-means starts.</param>
    /// <param name="device">Where everything lives.</param>
    /// <param name="group">The processes that share the samples.</param>
    public DeepClusterClustering(
        ClusteringSettings clustering, PrototypeSettings prototypes, IReadOnlyList<int> counts, int width, IReadOnlyList<int> assignedCrops,
        int samples, int rows, int stepsPerEpoch, long seed, Device device, IProcessGroup group)
    {
        Prototypes = new Prototypes(counts, width);
        Prototypes.to(device);
        _memory = new MemoryBank(assignedCrops.Count, rows, width, device: device);
        _kmeans = new SphericalKMeans(new SphericalKMeansSettings { Iterations = clustering.KMeansIterations }, group);
        _objective = new ClusterPrediction(clustering.Temperature, group);
        _targets = full(counts.Count, samples, MemoryBank.Ignored, dtype: ScalarType.Int64, device: device).DetachFromDisposeScope();
        (_seed, _group, _assignedCrops, _device) = (seed, group, assignedCrops, device);
        _freezeSteps = prototypes.TrainCentroids ? Math.Max(prototypes.FreezeSteps, (long)prototypes.FreezeEpochs * stepsPerEpoch) : long.MaxValue;
    }

    public Prototypes Prototypes { get; }

    public bool NeedsFirstPass => true;

    public bool Remember(IReadOnlyList<Tensor> embeddings, long[] indices, long row)
    {
        using var scope = NewDisposeScope();
        Tensor[] assigned = [.. _assignedCrops.Select(crop => embeddings[crop].detach())];
        // They would come back as centroids, and from there get everywhere: the bank keeps what it had.
        if (!assigned.All(z => z.isfinite().all().item<bool>()))
            return false;
        _memory.Store(row, indices, assigned);
        return true;
    }

    public void BeginEpoch(int epoch)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        for (var head = 0; head < Prototypes.Counts.Count; head++)
        {
            var embeddings = _memory.Embeddings(head % _memory.CropCount);                                    // [R, F]
            var random = RandomStream.For(_seed, epoch, head);
            var start = _kmeans.Start(embeddings, SphericalKMeans.DrawRows(_memory.RowCount * _group.WorldSize, Prototypes.Counts[head], random.NextInt));
            var (centroids, assignments) = _kmeans.Cluster(embeddings, start);
            Prototypes.SetCentroids(head, centroids);
            _targets[head].copy_(_memory.Targets(assignments, _targets.shape[1], _group));
        }
    }

    public void BeforeStep() => Prototypes.Normalize();

    public ClusterStep Step(IReadOnlyList<Tensor> embeddings, long[] indices, long step, long row)
    {
        using var scope = NewDisposeScope();
        using var exact = Autocast.Suspend(_device);
        var samples = tensor(indices, ScalarType.Int64).to(_targets.device);
        IReadOnlyList<IReadOnlyList<Tensor>> scores = [.. embeddings.Select(z => Prototypes.forward(z))];     // [crop][head] of [B, K]
        Tensor[] targets = [.. Enumerable.Range(0, Prototypes.Counts.Count).Select(h => _targets[h].index_select(0, samples))];
        var loss = _objective.Loss(scores, targets);
        Remember(embeddings, indices, row);
        Tensor[] usage = [.. targets.Select((t, h) => Share(t, Prototypes.Counts[h]).MoveToOuterDisposeScope())];
        return new ClusterStep(loss.MoveToOuterDisposeScope(), usage);
    }

    public void AfterBackward(long step)
    {
        if (step < _freezeSteps)
            Prototypes.DropGradients();
    }

    public IReadOnlyDictionary<string, Tensor> StateDict() =>
        new Dictionary<string, Tensor>(_memory.StateDict()) { ["targets"] = _targets.clone() };

    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGradient = no_grad();
        _memory.LoadStateDict(state);
        _targets.copy_(state["targets"]);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _targets.Dispose();
        Prototypes.Dispose();
    }

    /// <summary>The share of a batch's targets in each of K clusters, ignored ones left out.</summary>
    private static Tensor Share(Tensor targets, int count)
    {
        using var scope = NewDisposeScope();
        var counts = zeros(count, dtype: ScalarType.Float32, device: targets.device);
        var kept = targets.masked_select(targets >= 0);
        counts.index_add_(0, kept, ones_like(kept, dtype: ScalarType.Float32), 1);
        return (counts / counts.sum().clamp(min: 1)).MoveToOuterDisposeScope();
    }
}
