using Conjoint.Nets;
using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Training.Clustering;

/// <summary>SwAV: prototypes are parameters, codes come from the batch and a queue of earlier embeddings.</summary>
internal sealed class SwavClustering : IClustering
{
    private readonly SwappedPrediction _objective;
    private readonly EmbeddingQueue? _queue;
    private readonly int _queueStartEpoch;
    private readonly long _freezeSteps;
    private readonly int _assignedCrops;

    public SwavClustering(
        ClusteringSettings clustering, PrototypeSettings prototypes, IReadOnlyList<int> counts, int width, int assignedCrops, int stepsPerEpoch, Device device, IProcessGroup group)
    {
        Prototypes = new Prototypes(counts, width);
        Prototypes.to(device);
        _objective = new SwappedPrediction(
            new SwavSettings
            {
                Temperature = clustering.Temperature,
                Codes = clustering.Codes,
                Sinkhorn = new SinkhornSettings { Epsilon = clustering.Epsilon, Iterations = clustering.SinkhornIterations },
                AssignedCrops = [.. Enumerable.Range(0, assignedCrops)],
            },
            group);
        _queue = prototypes.QueueLength > 0 ? new EmbeddingQueue(assignedCrops, prototypes.QueueLength, width, device: device) : null;
        (_queueStartEpoch, _assignedCrops) = (prototypes.QueueStartEpoch, assignedCrops);
        _freezeSteps = Math.Max(prototypes.FreezeSteps, (long)prototypes.FreezeEpochs * stepsPerEpoch);
    }

    public Prototypes Prototypes { get; }

    public bool NeedsFirstPass => false;

    public void Remember(IReadOnlyList<Tensor> embeddings, long[] indices, long row)
    {
    }

    public void BeginEpoch(int epoch)
    {
    }

    public void BeforeStep() => Prototypes.Normalize();

    public ClusterStep Step(IReadOnlyList<Tensor> embeddings, long[] indices, int epoch, long row)
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<IReadOnlyList<Tensor>> scores = [.. embeddings.Select(z => Prototypes.forward(z))];   // [crop][head] of [B, K]
        var (loss, codes) = _objective.Loss(scores, QueueScores(epoch));                                      // codes: [head] of [A, B, K]
        // Embeddings of a step that is left out must not come back with later codes.
        if (_queue is not null && epoch >= _queueStartEpoch && loss.isfinite().item<bool>())
            _queue.Push([.. embeddings.Take(_assignedCrops).Select(z => z.detach())]);
        Tensor[] usage = [.. codes.Select(q => q.mean([0, 1]).MoveToOuterDisposeScope())];                    // [head] of [K]
        return new ClusterStep(loss.MoveToOuterDisposeScope(), usage);
    }

    public void AfterBackward(long step)
    {
        if (step < _freezeSteps)
            Prototypes.DropGradients();
    }

    public IReadOnlyDictionary<string, Tensor> StateDict() => _queue?.StateDict() ?? new Dictionary<string, Tensor>();

    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state) => _queue?.LoadStateDict(state);

    public void Dispose()
    {
        _queue?.Dispose();
        Prototypes.Dispose();
    }

    /// <summary>Scores of the queue with today's prototypes; null while it is not in use.</summary>
    private List<IReadOnlyList<Tensor>>? QueueScores(int epoch)
    {
        if (_queue is not { IsFull: true } || epoch < _queueStartEpoch)
            return null;
        using var noGradient = no_grad();
        return [.. Enumerable.Range(0, _assignedCrops).Select(a => Prototypes.forward(_queue.Rows(a)))];
    }
}
