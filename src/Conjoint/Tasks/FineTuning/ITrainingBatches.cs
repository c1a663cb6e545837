using Conjoint.Data;

namespace Conjoint.Tasks.FineTuning;

/// <summary>Draws the batches of a training. A batch is a function of the seed and its step alone, whatever runs in the background.</summary>
/// <typeparam name="TBatch">What a batch is.</typeparam>
internal interface ITrainingBatches<TBatch>
    where TBatch : class, IDisposable
{
    /// <summary>Samples in a batch: what was asked for, or all samples where there are fewer.</summary>
    int Batch { get; }

    /// <summary>Whole batches in an epoch.</summary>
    int StepsPerEpoch { get; }

    /// <summary>Batches of the steps from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    OrderedPrefetch<TBatch> Batches(long first, long end, int workers);
}
