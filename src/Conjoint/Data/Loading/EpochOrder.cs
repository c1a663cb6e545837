using Conjoint.Data.Augmentation;

namespace Conjoint.Data;

/// <summary>Which sample stands where in an epoch, and which random numbers it gets: functions of (seed, stage, epoch) and the sample only.</summary>
internal sealed class EpochOrder
{
    // Paths that no sample's has: samples count from 0.
    private const long ShufflePath = -1;
    private const long DrawPath = -2;

    private readonly int[] _order;
    private readonly int[]? _times;     // at each place, how often its sample stood before it
    private readonly LoaderSettings _settings;
    private readonly long _seed;
    private readonly int _epoch;

    /// <param name="samples">How many there are.</param>
    /// <param name="settings">Batch size, stage, weights of data sets.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="firstBatch">From 0.</param>
    /// <param name="dataset">The data set of a sample; asked only where data sets have weights.</param>
    public EpochOrder(int samples, LoaderSettings settings, long seed, int epoch, int firstBatch, Func<int, string>? dataset = null)
    {
        settings.Check();
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        (_settings, _seed, _epoch) = (settings, seed, epoch);
        _order = RandomStream.For(seed, settings.Stage, epoch, ShufflePath).Permutation(samples);
        Batches = settings.BatchesPerEpoch(samples);
        if (dataset is null || settings.DataWeights.Count == 0)
            return;

        var drawn = WeightedDraw.Samples(samples, dataset, settings.DataWeights, RandomStream.For(seed, settings.Stage, epoch, DrawPath));
        _order = [.. _order.Select(place => drawn[place])];
        _times = new int[samples];
        var seen = new Dictionary<int, int>();
        for (var i = 0; i < samples; i++)
        {
            _times[i] = seen.GetValueOrDefault(_order[i]);
            seen[_order[i]] = _times[i] + 1;
        }
    }

    public int Batches { get; }

    /// <summary>Indices of the samples of this process's part of a batch.</summary>
    public long[] Batch(int batch) =>
        [.. _order.AsSpan(First(batch), _settings.BatchSize).ToArray().Select(i => (long)i)];

    /// <summary>The random numbers of a sample in a batch: drawn again in the same epoch, it gets others.</summary>
    /// <param name="batch">Number of the batch.</param>
    /// <param name="place">Its place in this process's part, from 0.</param>
    public RandomStream StreamOf(int batch, int place)
    {
        var at = First(batch) + place;
        return _times is null || _times[at] == 0
            ? RandomStream.For(_seed, _settings.Stage, _epoch, _order[at])
            : RandomStream.For(_seed, _settings.Stage, _epoch, _order[at], _times[at]);
    }

    private int First(int batch) => (int)(((long)batch * _settings.WorldSize + _settings.Rank) * _settings.BatchSize);
}
