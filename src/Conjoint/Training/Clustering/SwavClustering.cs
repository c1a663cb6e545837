using Conjoint.Nets;
using Conjoint.Objectives;
using Conjoint.Runtime;
using Conjoint.Training.Settings;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Training.Clustering;

/// <summary>SwAV: prototypes are parameters, codes come from the batch and a queue of earlier embeddings.</summary>
/// <remarks>
/// Scores are computed in 32 bits at least, also where the nets run in bf16: divided by a small ε, a score's rounding to 8 bits
/// would show in its code.
/// </remarks>
internal sealed class SwavClustering : IClustering
{
    private readonly SwappedPrediction _objective;
    private readonly EmbeddingQueue? _queue;
    private readonly long _queueStartStep;
    private readonly int _queueRampSteps;
    private readonly long _freezeSteps;
    private readonly IReadOnlyList<int> _assignedCrops;
    private readonly Device _device;

    public SwavClustering(
        ClusteringSettings clustering, PrototypeSettings prototypes, IReadOnlyList<int> counts, int width, IReadOnlyList<int> assignedCrops, int stepsPerEpoch, Device device, IProcessGroup group)
    {
        Prototypes = new Prototypes(counts, width);
        Prototypes.to(device);
        _objective = new SwappedPrediction(
            new SwavSettings
            {
                Temperature = clustering.Temperature,
                Codes = clustering.Codes,
                Sinkhorn = new SinkhornSettings { Epsilon = clustering.Epsilon, Iterations = clustering.SinkhornIterations },
                AssignedCrops = assignedCrops,
            },
            group);
        // Every process keeps its part of the queue, as in SwAV's code: together they take part in one Eq. (2).
        _queue = prototypes.QueueLength > 0 ? new EmbeddingQueue(assignedCrops.Count, Math.Max(1, prototypes.QueueLength / group.WorldSize), width, device: device) : null;
        _queueStartStep = Math.Max(prototypes.QueueStartStep, (long)prototypes.QueueStartEpoch * stepsPerEpoch);
        (_queueRampSteps, _assignedCrops, _device) = (prototypes.QueueRampSteps, assignedCrops, device);
        _freezeSteps = Math.Max(prototypes.FreezeSteps, (long)prototypes.FreezeEpochs * stepsPerEpoch);
    }

    public Prototypes Prototypes { get; }

    public bool NeedsFirstPass => false;

    public bool Remember(IReadOnlyList<Tensor> embeddings, long[] indices, long row) => throw new InvalidOperationException("Nothing has to be seen before training.");

    public void BeginEpoch(int epoch)
    {
    }

    public void BeforeStep() => Prototypes.Normalize();

    public ClusterStep Step(IReadOnlyList<Tensor> embeddings, long[] indices, long step, long row)
    {
        using var scope = NewDisposeScope();
        using var exact = Autocast.Suspend(_device);
        IReadOnlyList<IReadOnlyList<Tensor>> scores = [.. embeddings.Select(z => Prototypes.forward(z))];   // [crop][head] of [B, K]
        var (loss, codes) = _objective.Loss(scores, QueueScores());                                           // codes: [head] of [A, B, K]
        // Embeddings of a step that is left out must not come back with later codes.
        if (_queue is not null && step >= _queueStartStep && loss.isfinite().item<bool>())
            _queue.Push([.. _assignedCrops.Select(crop => embeddings[crop].detach())]);
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
    private List<IReadOnlyList<Tensor>>? QueueScores()
    {
        if (_queue is null || _queue.RowsInUse(_queueRampSteps) is not (> 0 and var rows))
            return null;
        using var noGradient = no_grad();
        return [.. Enumerable.Range(0, _assignedCrops.Count).Select(a => Prototypes.forward(_queue.Rows(a, rows)))];
    }
}
