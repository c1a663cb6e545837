using Conjoint.Training.Clustering;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>What the stages that learn by clustering agreement share: a batch becomes embeddings of its views, and the clustering makes the loss of them.</summary>
internal abstract class ClusteringStage<TBatch> : PretrainingStage<TBatch>
    where TBatch : IDisposable
{
    public override bool NeedsFirstPass => Clustering.NeedsFirstPass;

    public override double? LnK => Clustering.Prototypes.Counts.Average(k => Math.Log(k));

    /// <summary>Codes or assignments, prototypes and the loss; the stage's own to dispose of.</summary>
    protected abstract IClustering Clustering { get; }

    /// <summary>Takes slices through the slice encoder; the stage's own to dispose of.</summary>
    protected abstract ChunkedEncoder Chunks { get; }

    public override void BeginEpoch(int epoch) => Clustering.BeginEpoch(epoch);

    public override void BeforeStep() => Clustering.BeforeStep();

    public override bool FirstPass(TBatch batch, BatchPosition position)
    {
        using var scope = NewDisposeScope();
        return Clustering.Remember(Embed(batch), Indices(batch), (long)position.Batch * BatchSize);
    }

    public override StageLoss Loss(TBatch batch, BatchPosition position)
    {
        using var scope = NewDisposeScope();
        Chunks.Forget();                                                                                            // of a step that was left out
        var embeddings = Embed(batch);                                                                              // Eq. (1), (10)
        var step = Clustering.Step(embeddings, Indices(batch), position.Step, (long)position.Batch * BatchSize);    // Eq. (2)–(4), (11)
        scope.MoveToOuter(step.Usage);
        return new StageLoss(step.Loss.MoveToOuterDisposeScope(), Watched(embeddings).detach().MoveToOuterDisposeScope(), step.Usage);
    }

    public override void Backward(Tensor loss, Func<IDisposable> autocast)
    {
        loss.backward();
        Chunks.Backward(autocast);
    }

    public override void AfterBackward(long step) => Clustering.AfterBackward(step);

    public override IReadOnlyDictionary<string, Tensor> StateDict() => Clustering.StateDict();

    public override void LoadStateDict(IReadOnlyDictionary<string, Tensor> state) => Clustering.LoadStateDict(state);

    public override void Dispose()
    {
        base.Dispose();
        Chunks.Dispose();
        Clustering.Dispose();
    }

    /// <summary>The unit embeddings of a batch, [B, F] for each view.</summary>
    protected abstract Tensor[] Embed(TBatch batch);

    /// <summary>The embeddings that the collapse monitors look at.</summary>
    protected abstract Tensor Watched(Tensor[] embeddings);

    /// <summary>The samples' numbers among all of the run.</summary>
    protected abstract long[] Indices(TBatch batch);
}
