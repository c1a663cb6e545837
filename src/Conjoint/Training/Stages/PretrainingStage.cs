using Conjoint.Training.Settings;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>One of the three stages: its nets, its batches, its loss. How it is run surrounds it and does not appear in it.</summary>
/// <typeparam name="TBatch">What a batch is.</typeparam>
internal abstract class PretrainingStage<TBatch> : IDisposable
    where TBatch : IDisposable
{
    /// <summary>The stage's name.</summary>
    public abstract string Name { get; }

    /// <summary>How long it trains.</summary>
    public abstract StageLength Length { get; }

    /// <summary>The highest learning rate.</summary>
    public abstract double LearningRate { get; }

    /// <summary>Samples in a batch.</summary>
    public abstract int BatchSize { get; }

    /// <summary>Whole batches in an epoch.</summary>
    public abstract int StepsPerEpoch { get; }

    /// <summary>Whether a pass over all samples goes before training.</summary>
    public virtual bool NeedsFirstPass => false;

    /// <summary>The natural logarithm of the prototypes' number, averaged over heads: the loss of a net that knows nothing; null without prototypes.</summary>
    public virtual double? LnK => null;

    /// <summary>The nets by the names under which their tensors are saved, in the order of those names.</summary>
    public abstract IReadOnlyList<(string Name, nn.Module Net)> Nets { get; }

    /// <summary>The nets that are trained.</summary>
    public virtual IEnumerable<(string Name, nn.Module Net)> Trained => Nets;

    /// <summary>The batches of an epoch, from <paramref name="firstBatch"/> on.</summary>
    public abstract Batches<TBatch> Open(int epoch, int firstBatch);

    /// <summary>What happens between epochs.</summary>
    public virtual void BeginEpoch(int epoch)
    {
    }

    /// <summary>What happens before each step's forward pass.</summary>
    public virtual void BeforeStep()
    {
    }

    /// <summary>Takes up one batch of the pass before training.</summary>
    /// <returns>Whether its embeddings were finite.</returns>
    public virtual bool FirstPass(TBatch batch, BatchPosition position) => throw new InvalidOperationException($"Stage {Name} has no pass before training.");

    /// <summary>Views, embeddings, scores, loss of one batch.</summary>
    public abstract StageLoss Loss(TBatch batch, BatchPosition position);

    /// <summary>From the loss to the gradients of everything that is trained.</summary>
    /// <param name="loss">The scalar that <see cref="Loss"/> gave last.</param>
    /// <param name="autocast">Enters the number format of the forward pass, for a stage that repeats parts of it.</param>
    public virtual void Backward(Tensor loss, Func<IDisposable> autocast) => loss.backward();

    /// <summary>What happens between the backward pass and the optimiser.</summary>
    public virtual void AfterBackward(long step)
    {
    }

    /// <summary>What has to be saved beside weights and momentum; copies that the caller owns.</summary>
    public virtual IReadOnlyDictionary<string, Tensor> StateDict() => new Dictionary<string, Tensor>();

    /// <summary>Takes up what <see cref="StateDict"/> gave.</summary>
    public virtual void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
    }

    /// <summary>Every trained parameter with its name.</summary>
    public IEnumerable<(string Name, Parameter Value)> Parameters() =>
        Trained.SelectMany(net => net.Net.named_parameters().Select(p => ($"{net.Name}.{p.name}", p.parameter)));

    public virtual void Dispose()
    {
        foreach (var (_, net) in Nets)
            net.Dispose();
    }
}
