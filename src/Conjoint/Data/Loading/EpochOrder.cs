using Conjoint.Data.Augmentation;

namespace Conjoint.Data;

/// <summary>Which sample stands where in an epoch, and which random numbers it gets: functions of (seed, stage, epoch) and the sample only.</summary>
internal sealed class EpochOrder
{
    // A path that no sample's has: samples count from 0.
    private const long ShufflePath = -1;

    private readonly int[] _order;
    private readonly LoaderSettings _settings;
    private readonly long _seed;
    private readonly int _epoch;

    public EpochOrder(int samples, LoaderSettings settings, long seed, int epoch, int firstBatch)
    {
        settings.Check();
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        (_settings, _seed, _epoch) = (settings, seed, epoch);
        _order = RandomStream.For(seed, settings.Stage, epoch, ShufflePath).Permutation(samples);
        Batches = settings.BatchesPerEpoch(samples);
    }

    public int Batches { get; }

    /// <summary>Indices of the samples of this process's part of a batch.</summary>
    public long[] Batch(int batch)
    {
        var first = ((long)batch * _settings.WorldSize + _settings.Rank) * _settings.BatchSize;
        return [.. _order.AsSpan((int)first, _settings.BatchSize).ToArray().Select(i => (long)i)];
    }

    public RandomStream StreamOf(long sample) => RandomStream.For(_seed, _settings.Stage, _epoch, sample);
}
