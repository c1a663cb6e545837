using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Segmentation;

/// <summary>
/// Draws batches of training slices: each epoch sees every slice once in an order of its own, and leaves out what doesn't fill a batch. By runs, a batch is
/// random runs of neighbouring slices, each of another volume, and an epoch sees every volume once.
/// </summary>
/// <remarks>A batch is a function of the seed and its step alone, whatever runs in the background.</remarks>
internal sealed class LabelledSliceLoader : ITrainingBatches<LabelledBatch>
{
    private const long OrderStream = 0x0BDE5, SampleStream = 0x5A3B1E, RunStream = 0x2B5E9; // names of streams under one seed

    private readonly PreparedStore _store;
    private readonly ClassMap _map;
    private readonly InputNormalisation _input;
    private readonly SliceAugmentationSettings _augmentation;
    private readonly long _seed;
    private readonly (StoreCase Case, IReadOnlyList<StoreCase> Channels, SliceGeometry Geometry, int Slice)[] _samples;
    private readonly int _channels;
    private readonly (int First, int Count)[]? _volumes; // where each volume's samples are; null without runs
    private readonly int _runs, _depth;                  // runs in a batch, and most slices of one
    private readonly Lock _gate = new();
    private readonly Dictionary<long, int[]> _orders = [];

    public LabelledSliceLoader(
        PreparedStore store, IReadOnlyList<StoreCase> cases, ClassMap map, InputNormalisation input, int batch,
        SliceAugmentationSettings augmentation, long seed, IReadOnlyList<string>? channels = null, int? depth = null)
    {
        (_store, _map, _input, _augmentation, _seed) = (store, map, input, augmentation, seed);
        _samples = [.. cases.SelectMany(c =>
        {
            var geometry = SliceGeometry.Fit(c, input.Size);
            var images = ChannelCases.Of(store, c, channels ?? []);
            return Enumerable.Range(0, c.Slices).Select(slice => (c, images, geometry, slice));
        })];
        _channels = Math.Max(1, channels?.Count ?? 0);
        _volumes = depth is null ? null : [.. _samples.Index().GroupBy(s => s.Item.Case.Id).Select(g => (g.First().Index, g.Count()))];
        _depth = Math.Min(depth ?? 1, _volumes?.Max(v => v.Count) ?? 1);
        _runs = Math.Clamp(batch / (depth ?? 1), 1, _volumes?.Length ?? int.MaxValue);
        Batch = _volumes is null ? Math.Min(batch, _samples.Length) : _runs * _depth;
        StepsPerEpoch = _volumes is null ? _samples.Length / Batch : _volumes.Length / _runs;
    }

    /// <summary>Slices in a batch: what was asked for, or all slices where there are fewer; of runs, the most.</summary>
    public int Batch { get; }

    /// <summary>Whole batches in an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Batches of the steps from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    public OrderedPrefetch<LabelledBatch> Batches(long first, long end, int workers) => new(
        checked((int)first), checked((int)end), Batch, workers, ahead: 2, step => new LabelledBatch(step, LengthsOf(step), _channels, _input.Size), Fill);

    private void Fill(LabelledBatch batch, int place)
    {
        if (place >= batch.Count)
            return;
        var epoch = batch.Step / StepsPerEpoch;
        var (index, sample) = _volumes is null ? Single(batch.Step, place) : InRun(batch, place);
        var pixels = _input.Size * _input.Size;
        Sample(epoch, index, sample, batch.Values.AsSpan(place * _channels * pixels, _channels * pixels), batch.Classes.AsSpan(place * pixels, pixels));
    }

    private (int Index, int Sample) Single(long step, int place)
    {
        var index = Order(step / StepsPerEpoch)[(int)(step % StepsPerEpoch) * Batch + place];
        return (index, index);
    }

    /// <summary>All slices of a run are changed alike: their change is drawn for the volume's first slice.</summary>
    private (int Index, int Sample) InRun(LabelledBatch batch, int place)
    {
        var run = 0;
        for (; place >= batch.Lengths[run]; run++)
            place -= (int)batch.Lengths[run];
        var volume = VolumeOf(batch.Step, run);
        var start = RandomStream.For(_seed, RunStream, batch.Step * _runs + run).NextInt(volume.Count - (int)batch.Lengths[run] + 1);
        return (volume.First + start + place, volume.First);
    }

    private (int First, int Count) VolumeOf(long step, int run) => _volumes![Order(step / StepsPerEpoch)[(int)(step % StepsPerEpoch) * _runs + run]];

    private long[] LengthsOf(long step) => _volumes is null
        ? [.. Enumerable.Repeat(1L, Batch)]
        : [.. Enumerable.Range(0, _runs).Select(run => (long)Math.Min(_depth, VolumeOf(step, run).Count))];

    private void Sample(long epoch, int index, int sample, Span<float> values, Span<long> classes)
    {
        var (storeCase, channels, geometry, slice) = _samples[index];
        var random = RandomStream.For(_seed, SampleStream, epoch, sample);
        var change = SliceAugmentation.Draw(_augmentation, random);
        if (sample != index)
            random = RandomStream.For(_seed, SampleStream, epoch, index); // the noise is each slice's own

        var stored = new float[storeCase.Height * storeCase.Width];
        var pixels = classes.Length;
        var square = new float[pixels];
        for (var c = 0; c < channels.Count; c++)
        {
            // One change of grey values and one map for all channels; noise is each one's own.
            _store.ReadSlices(channels[c], slice, 1, stored);
            change.ChangeValues(stored, random);
            geometry.Forward(stored, square);
            change.Warp(square, _input.Size, values.Slice(c * pixels, pixels));
        }

        var mask = new ushort[stored.Length];
        _store.ReadMask(storeCase, slice, 1, mask);
        _map.ToClasses(mask);
        var squareClasses = new ushort[pixels];
        geometry.ForwardLabels(mask, squareClasses);

        change.Warp(squareClasses, _input.Size, classes);
        new PixelNormalisation(_input.Mean, _input.Std).Apply(values);
    }

    private int[] Order(long epoch)
    {
        lock (_gate)
        {
            if (!_orders.TryGetValue(epoch, out var order))
            {
                foreach (var old in _orders.Keys.Where(e => e < epoch - 1).ToArray())
                    _orders.Remove(old); // batches are made in order, so only neighbouring epochs are at work
                _orders[epoch] = order = RandomStream.For(_seed, OrderStream, epoch).Permutation(_volumes?.Length ?? _samples.Length);
            }

            return order;
        }
    }
}
