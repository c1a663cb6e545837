namespace Conjoint.Training.Stages;

/// <summary>The batches of one epoch, made ahead by other threads.</summary>
/// <typeparam name="TBatch">What a batch is; its taker disposes it.</typeparam>
internal sealed class Batches<TBatch>(IEnumerable<TBatch> source, Func<double> waitSeconds, IDisposable owner) : IDisposable
{
    /// <summary>The batches in order; runs once.</summary>
    public IEnumerable<TBatch> All => source;

    /// <summary>Seconds for which the taker had to wait so far.</summary>
    public double WaitSeconds => waitSeconds();

    public void Dispose() => owner.Dispose();
}
