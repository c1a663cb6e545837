using System.Buffers;
using System.Collections;
using Conjoint.Data.Augmentation;

namespace Conjoint.Data;

/// <summary>
/// Batches of multi-crop views for stage <c>slices</c>, one epoch of them, made ahead on background threads. Crops are cut from
/// the slice at its stored resolution.
/// </summary>
/// <remarks>
/// Batch number b of (seed, stage, epoch) is the same to the last bit whatever the number of threads and whichever batch came
/// first. It can be run through once, by one consumer. The last, partial batch is left out.
/// </remarks>
public sealed class SliceViewLoader : IEnumerable<SliceBatch>, IDisposable
{
    private readonly SliceSamples _samples;
    private readonly PixelNormalisation _normalisation;
    private readonly EpochOrder _order;
    private readonly MultiCrop _multiCrop;
    private readonly CropSettings[] _crops;
    private readonly OrderedPrefetch<SliceBatch> _batches;

    /// <summary>Starts making batches at once.</summary>
    /// <param name="samples">The slices.</param>
    /// <param name="settings">Batch size, threads.</param>
    /// <param name="augmentation">Numbers, sizes and scales of the crops.</param>
    /// <param name="normalisation">Applied last.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="firstBatch">Where to begin: a resumed run goes on in the middle of an epoch.</param>
    public SliceViewLoader(SliceSamples samples, LoaderSettings settings, MultiCropSettings augmentation, PixelNormalisation normalisation, long seed, int epoch, int firstBatch = 0)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(augmentation);
        ArgumentNullException.ThrowIfNull(normalisation);
        (_samples, _normalisation) = (samples, normalisation);
        _order = new EpochOrder(samples.Count, settings, seed, epoch, firstBatch, i => samples.DataSetOf(i));
        _multiCrop = new MultiCrop(augmentation);
        _crops = [.. augmentation.Crops.SelectMany(c => Enumerable.Repeat(c, c.Count))];
        _batches = new(firstBatch, _order.Batches, settings.BatchSize, settings.Workers, settings.PrefetchBatches, Create, Fill);
    }

    /// <summary>Batches of the whole epoch, those before the first one included.</summary>
    public int Batches => _order.Batches;

    /// <summary>Seconds that the consumer has waited for batches.</summary>
    public double WaitSeconds => _batches.Waited.TotalSeconds;

    /// <inheritdoc/>
    public IEnumerator<SliceBatch> GetEnumerator() => _batches;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Stops the threads and frees the batches that nobody took.</summary>
    public void Dispose() => _batches.Dispose();

    private SliceBatch Create(int batch)
    {
        var indices = _order.Batch(batch);
        return new SliceBatch([.. _crops.Select(c => TensorMemory.Empty(indices.Length, 1, c.Size, c.Size))], indices) { Number = batch };
    }

    private void Fill(SliceBatch batch, int place)
    {
        var index = batch.Indices[place];
        var sample = _samples[(int)index];
        var (height, width) = (sample.Case.Height, sample.Case.Width);
        var random = _order.StreamOf(batch.Number, place);
        var rented = ArrayPool<float>.Shared.Rent(height * width);
        var slice = rented.AsSpan(0, height * width);
        sample.Store.ReadAnySlices(sample.Case, sample.Slice, 1, slice);
        for (var c = 0; c < _crops.Length; c++)
        {
            var pixels = _crops[c].Size * _crops[c].Size;
            var view = TensorMemory.Part(batch.Crops[c], place * pixels, pixels);
            _multiCrop.Apply(slice, height, width, random, view, _crops[c]);
            _normalisation.Apply(view);
        }

        ArrayPool<float>.Shared.Return(rented);
    }
}
