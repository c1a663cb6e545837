namespace Conjoint.Data;

/// <summary>How batches are made and by how many threads. Threads and prefetching never change what is in a batch.</summary>
public record LoaderSettings
{
    /// <summary>Samples in a batch of this process; at least 1.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Which stream of random numbers: different for each stage of a run.</summary>
    public long Stage { get; init; }

    /// <summary>Threads that make batches; 0 makes them on the thread that asks.</summary>
    public int Workers { get; init; } = DefaultWorkers;

    /// <summary>Batches made ahead of the consumer; at least 1.</summary>
    public int PrefetchBatches { get; init; } = 2;

    /// <summary>How often samples of a data set are drawn against their number; sets that aren't named have 1. Empty: every sample once an epoch.</summary>
    public IReadOnlyDictionary<string, double> DataWeights { get; init; } = new Dictionary<string, double>();

    /// <summary>Number of this process among those that train together, from 0.</summary>
    public int Rank { get; init; }

    /// <summary>Processes that train together: each takes its own part of every joint batch.</summary>
    public int WorldSize { get; init; } = 1;

    /// <summary>One thread less than there are cores, from 1 to 16.</summary>
    public static int DefaultWorkers => Math.Clamp(Environment.ProcessorCount - 1, 1, 16);

    /// <summary>Whole batches that an epoch has; the samples left over come in another epoch, since each has its own order.</summary>
    public int BatchesPerEpoch(int samples) => samples / (BatchSize * WorldSize);

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1, nameof(BatchSize));
        ArgumentOutOfRangeException.ThrowIfNegative(Workers, nameof(Workers));
        ArgumentOutOfRangeException.ThrowIfLessThan(PrefetchBatches, 1, nameof(PrefetchBatches));
        ArgumentOutOfRangeException.ThrowIfLessThan(WorldSize, 1, nameof(WorldSize));
        ArgumentOutOfRangeException.ThrowIfNegative(Rank, nameof(Rank));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Rank, WorldSize, nameof(Rank));
    }
}
