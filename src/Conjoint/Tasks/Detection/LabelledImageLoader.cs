using Conjoint.Data;
using Conjoint.Data.Augmentation;
using Conjoint.Nets.Detection;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Detection;

/// <summary>Draws batches of training images: each epoch sees every image once in an order of its own, and leaves out what doesn't fill a batch.</summary>
/// <remarks>A batch is a function of the seed and its step alone, whatever runs in the background.</remarks>
internal sealed class LabelledImageLoader : ITrainingBatches<LabelledImageBatch>
{
    private const long OrderStream = 0xB0BDE5, SampleStream = 0xB0A3B1; // names of streams under one seed
    private const double LeastSide = 2; // pixels of the input

    private readonly PreparedStore _store;
    private readonly Dictionary<string, int> _classes;
    private readonly InputNormalisation _input;
    private readonly DetectionSettings _settings;
    private readonly (StoreCase Case, SliceGeometry Geometry)[] _samples;

    public LabelledImageLoader(PreparedStore store, DetectionCases cases, InputNormalisation input, DetectionSettings settings)
    {
        (_store, _input, _settings) = (store, input, settings);
        _classes = cases.Classes.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        _samples = [.. cases.Train.Select(c => (c, SliceGeometry.Fit(c, input.Size)))];
        Batch = Math.Min(settings.Batch, _samples.Length);
        StepsPerEpoch = _samples.Length / Batch;
    }

    /// <inheritdoc/>
    public int Batch { get; }

    /// <inheritdoc/>
    public int StepsPerEpoch { get; }

    /// <inheritdoc/>
    public OrderedPrefetch<LabelledImageBatch> Batches(long first, long end, int workers) => new(
        checked((int)first), checked((int)end), Batch, workers, ahead: 2, step => new LabelledImageBatch(step, Batch, _input.Size), Fill);

    private void Fill(LabelledImageBatch batch, int place)
    {
        var epoch = batch.Step / StepsPerEpoch;
        var index = RandomStream.For(_settings.Seed, OrderStream, epoch).Permutation(_samples.Length)[(int)(batch.Step % StepsPerEpoch) * Batch + place];
        var (storeCase, geometry) = _samples[index];
        var random = RandomStream.For(_settings.Seed, SampleStream, epoch, index);
        var change = SliceAugmentation.Draw(_settings.Augmentation, random);

        var stored = new float[storeCase.Height * storeCase.Width];
        _store.ReadSlices(storeCase, 0, 1, stored);
        change.ChangeValues(stored, random);
        var pixels = _input.Size * _input.Size;
        var square = new float[pixels];
        geometry.Forward(stored, square);
        var values = batch.Values.AsSpan(place * pixels, pixels);
        change.Warp(square, _input.Size, values);
        new PixelNormalisation(_input.Mean, _input.Std).Apply(values);
        batch.Boxes[place] = [.. storeCase.Boxes.Select(b => Moved(geometry.Forward(b), change, place)).OfType<TrueBox>()];
    }

    /// <summary>Where a box of the square goes; null where too little of it stays.</summary>
    private TrueBox? Moved(Box box, SliceAugmentation change, int place)
    {
        var size = _input.Size;
        var (first, second) = (change.ToResult(box.X1, box.Y1, size), change.ToResult(box.X2, box.Y2, size));
        var moved = new BoxCorners(Math.Min(first.X, second.X), Math.Min(first.Y, second.Y), Math.Max(first.X, second.X), Math.Max(first.Y, second.Y));
        var seen = moved.ClipTo(size, size);
        return seen.Width >= LeastSide && seen.Height >= LeastSide && seen.Area >= _settings.LeastVisible * moved.Area ? new TrueBox(place, _classes[box.Class], seen) : null;
    }
}
