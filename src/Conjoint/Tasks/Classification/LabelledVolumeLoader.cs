using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Classification;

/// <summary>Draws batches of training volumes; an epoch leaves out what doesn't fill a batch.</summary>
/// <remarks>A batch is a function of the seed and its step alone, whatever runs in the background.</remarks>
internal sealed class LabelledVolumeLoader : ITrainingBatches<LabelledVolumeBatch>
{
    private const long SampleStream = 0x5A3B1E; // the name of a stream under one seed

    private readonly PreparedStore _store;
    private readonly ClassificationSettings _settings;
    private readonly InputNormalisation _input;
    private readonly (StoreCase Case, SliceGeometry Geometry, int Class)[] _samples;
    private readonly VolumeOrder _order;

    public LabelledVolumeLoader(PreparedStore store, ClassificationCases cases, InputNormalisation input, ClassificationSettings settings)
    {
        (_store, _input, _settings) = (store, input, settings);
        _samples = [.. cases.Train.Select(c => (c, SliceGeometry.Fit(c, input.Size), ClassificationCases.TruthOf(store, c, cases.Classes)))];
        _order = new VolumeOrder([.. _samples.Select(s => s.Class)], settings.Balance, settings.Seed);
        Batch = Math.Min(settings.Batch, _samples.Length);
        StepsPerEpoch = _samples.Length / Batch;
        Counts = [.. cases.Classes.Select((_, k) => _samples.Count(s => s.Class == k))];
    }

    public int Batch { get; }

    public int StepsPerEpoch { get; }

    /// <summary>Training volumes of each class.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>Most slices that one batch can have.</summary>
    public long MostSlices => _samples.Select(SlicesOf).OrderDescending().Take(Batch).Sum(n => (long)n);

    public OrderedPrefetch<LabelledVolumeBatch> Batches(long first, long end, int workers) =>
        new(checked((int)first), checked((int)end), Batch, workers, ahead: 2, Create, Fill);

    private LabelledVolumeBatch Create(int step)
    {
        var chosen = Enumerable.Range(0, Batch).Select(place => _samples[At(step, place).Index]).ToArray();
        return new LabelledVolumeBatch(step, [.. chosen.Select(s => (long)SlicesOf(s))], [.. chosen.Select(s => (long)s.Class)], _input.Size);
    }

    private void Fill(LabelledVolumeBatch batch, int place)
    {
        var (epoch, position, index) = At(batch.Step, place);
        var (storeCase, geometry, _) = _samples[index];
        // By position, not by index: a volume that comes twice in an epoch is changed anew.
        var random = RandomStream.For(_settings.Seed, SampleStream, epoch, position);
        var count = SlicesOf(_samples[index]);
        var first = random.NextInt(storeCase.Slices - count + 1);
        var change = SliceAugmentation.Draw(_settings.Augmentation, random);

        var values = batch.Volume(place);
        var pixels = _input.Size * _input.Size;
        var stored = new float[storeCase.Height * storeCase.Width];
        var square = new float[pixels];
        for (var n = 0; n < count; n++)
        {
            _store.ReadSlices(storeCase, first + n, 1, stored);
            change.ChangeValues(stored, random);
            geometry.Forward(stored, square);
            change.Warp(square, _input.Size, values.Slice(n * pixels, pixels));
        }

        new PixelNormalisation(_input.Mean, _input.Std).Apply(values);
    }

    private (long Epoch, int Position, int Index) At(long step, int place)
    {
        var epoch = step / StepsPerEpoch;
        var position = (int)(step % StepsPerEpoch) * Batch + place;
        return (epoch, position, _order.Of(epoch)[position]);
    }

    private int SlicesOf((StoreCase Case, SliceGeometry Geometry, int Class) sample) => Math.Min(sample.Case.Slices, _settings.MaxSlices);
}
