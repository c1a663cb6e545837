using System.Buffers;
using System.Collections;
using Conjoint.Data.Augmentation;
using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>
/// Batches of volumes in two views for stages <c>masked</c> and <c>volumes</c>, one epoch of them, made ahead on background
/// threads: a run of slices, each fitted to S×S, then a different transform for each view.
/// </summary>
/// <remarks>
/// Batch number b of (seed, stage, epoch) is the same to the last bit whatever the number of threads and whichever batch came
/// first. It can be run through once, by one consumer. The last, partial batch is left out.
/// </remarks>
public sealed class VolumeViewLoader : IEnumerable<VolumeBatch>, IDisposable
{
    private readonly VolumeSamples _samples;
    private readonly VolumeLoaderSettings _settings;
    private readonly VolumeTransformSettings _augmentation;
    private readonly PixelNormalisation _normalisation;
    private readonly EpochOrder _order;
    private readonly SliceCrops? _sliceCrops;
    private readonly OrderedPrefetch<VolumeBatch> _batches;

    /// <summary>Starts making batches at once.</summary>
    /// <param name="samples">The volumes.</param>
    /// <param name="settings">Batch size, size and number of slices, threads.</param>
    /// <param name="augmentation">Kinds and ranges of the transforms.</param>
    /// <param name="normalisation">Applied last.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="firstBatch">Where to begin: a resumed run goes on in the middle of an epoch.</param>
    /// <param name="sliceCrops">Crops of single slices beside the views; null for none. The views are the same with and without.</param>
    public VolumeViewLoader(VolumeSamples samples, VolumeLoaderSettings settings, VolumeTransformSettings augmentation, PixelNormalisation normalisation, long seed, int epoch, int firstBatch = 0, SliceCropSettings? sliceCrops = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(augmentation);
        ArgumentNullException.ThrowIfNull(normalisation);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Size, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxSlices, 1, nameof(settings));
        (_samples, _settings, _augmentation, _normalisation) = (samples, settings, augmentation, normalisation);
        _sliceCrops = sliceCrops is null ? null : new SliceCrops(sliceCrops, normalisation);
        _order = new EpochOrder(samples.Count, settings, seed, epoch, firstBatch, i => samples[i].Case.Dataset);
        _batches = new(firstBatch, _order.Batches, settings.BatchSize, settings.Workers, settings.PrefetchBatches, Create, Fill);
    }

    /// <summary>Batches of the whole epoch, those before the first one included.</summary>
    public int Batches => _order.Batches;

    /// <summary>Seconds that the consumer has waited for batches.</summary>
    public double WaitSeconds => _batches.Waited.TotalSeconds;

    /// <inheritdoc/>
    public IEnumerator<VolumeBatch> GetEnumerator() => _batches;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Stops the threads and frees the batches that nobody took.</summary>
    public void Dispose() => _batches.Dispose();

    private VolumeBatch Create(int batch)
    {
        var indices = _order.Batch(batch);
        var lengths = indices.Select(i => (long)SlicesOf(_samples[(int)i].Case)).ToArray();
        long[] shape = [lengths.Sum(), 1, _settings.Size, _settings.Size];
        return new VolumeBatch([TensorMemory.Empty(shape), TensorMemory.Empty(shape)], lengths, indices, _sliceCrops?.Empty(indices.Length), _sliceCrops?.Indices(indices)) { Number = batch };
    }

    private void Fill(VolumeBatch batch, int place)
    {
        var index = batch.Indices[place];
        var (store, volume) = _samples[(int)index];
        var random = _order.StreamOf(batch.Number, place);
        var slices = SlicesOf(volume);
        var plane = _settings.Size * _settings.Size;
        var rented = ArrayPool<float>.Shared.Rent(slices * plane);
        var voxels = rented.AsSpan(0, slices * plane);
        var (rowSpacing, columnSpacing) = Read(store, volume, random, slices, voxels);

        // An array [N, H, W] in C order is the grid x = W, y = H, z = N of the transforms.
        var spacing = _settings.RealSpacing ? new AxisValues(columnSpacing, rowSpacing, volume.SpacingMm[0]) : AxisValues.All(1);
        var grid = new VolumeGrid(_settings.Size, _settings.Size, slices, spacing);
        var views = TwoViews.Draw(grid, _augmentation, random);
        var start = (int)batch.Lengths.Take(place).Sum() * plane;
        foreach (var (transform, view) in new[] { (views.First, batch.Views[0]), (views.Second, batch.Views[1]) })
        {
            var target = TensorMemory.Part(view, start, voxels.Length);
            transform.Apply<float>(voxels, grid, target);
            _normalisation.Apply(target);
        }

        ArrayPool<float>.Shared.Return(rented);
        _sliceCrops?.Fill(_samples[(int)index], place, batch.SliceCrops, random);
    }

    /// <summary>The voxels [slices, S, S] of a volume, and the distances in mm of their rows and columns.</summary>
    private (double Row, double Column) Read(PreparedStore store, StoreCase volume, RandomStream random, int slices, Span<float> voxels)
    {
        if (_settings.Fit == SliceFit.CropOrPad)
        {
            CentredCrop.Read(store, volume, slices, _settings.Size, voxels);
            return (volume.SpacingMm[1], volume.SpacingMm[2]);
        }

        var geometry = SliceGeometry.Fit(volume, _settings.Size);
        VolumeReader.Fit(store, volume, geometry, random.NextInt(volume.Slices - slices + 1), slices, voxels);
        return (geometry.RowSpacingMm, geometry.ColumnSpacingMm);
    }

    private int SlicesOf(StoreCase volume) => _settings.Fit == SliceFit.CropOrPad ? _settings.MaxSlices : Math.Min(volume.Slices, _settings.MaxSlices);
}
