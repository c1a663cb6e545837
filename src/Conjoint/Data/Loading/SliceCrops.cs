using System.Buffers;
using Conjoint.Data.Augmentation;
using static TorchSharp.torch;

namespace Conjoint.Data;

/// <summary>
/// Multi-crop views of single slices of a batch's volumes. A sample is a part of a volume: its slice is drawn anew each time, its index
/// stays, so that a memory bank knows it again.
/// </summary>
internal sealed class SliceCrops
{
    private readonly SliceCropSettings _settings;
    private readonly MultiCrop _multiCrop;
    private readonly CropSettings[] _crops;
    private readonly PixelNormalisation _normalisation;

    public SliceCrops(SliceCropSettings settings, PixelNormalisation normalisation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.SlicesPerVolume, 1, nameof(settings));
        (_settings, _normalisation) = (settings, normalisation);
        _multiCrop = new MultiCrop(settings.Views);
        _crops = [.. settings.Views.Crops.SelectMany(c => Enumerable.Repeat(c, c.Count))];
    }

    /// <summary>Empty crops, [B·slices, 1, s, s] each, for a number of volumes.</summary>
    public Tensor[] Empty(int volumes) => [.. _crops.Select(c => TensorMemory.Empty(volumes * _settings.SlicesPerVolume, 1, c.Size, c.Size))];

    /// <summary>The samples of volumes: volume · slices + part.</summary>
    public long[] Indices(long[] volumes) => [.. volumes.SelectMany(v => Enumerable.Range(0, _settings.SlicesPerVolume).Select(part => v * _settings.SlicesPerVolume + part))];

    /// <summary>Draws a slice of each part of a volume, and its crops.</summary>
    public void Fill(CaseReference reference, int place, IReadOnlyList<Tensor> crops, RandomStream random)
    {
        var (store, volume) = reference;
        var candidates = Candidates(store, volume);
        var rented = ArrayPool<float>.Shared.Rent(volume.Height * volume.Width);
        var slice = rented.AsSpan(0, volume.Height * volume.Width);
        for (var part = 0; part < _settings.SlicesPerVolume; part++)
        {
            var first = (int)((long)part * candidates.Length / _settings.SlicesPerVolume);
            var end = Math.Max(first + 1, (int)((part + 1L) * candidates.Length / _settings.SlicesPerVolume));
            store.ReadSlices(volume, candidates[first + random.NextInt(end - first)], 1, slice);
            for (var c = 0; c < _crops.Length; c++)
            {
                var pixels = _crops[c].Size * _crops[c].Size;
                var view = TensorMemory.Part(crops[c], (place * _settings.SlicesPerVolume + part) * pixels, pixels);
                _multiCrop.Apply(slice, volume.Height, volume.Width, random, view, _crops[c]);
                _normalisation.Apply(view);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>The slices that show something.</summary>
    private int[] Candidates(PreparedStore store, StoreCase volume)
    {
        int[] all = [.. Enumerable.Range(0, volume.Slices)];
        if (_settings.MinimumStd <= 0)
            return all;
        var std = store.ReadSliceStd(volume);
        int[] shown = [.. all.Where(n => std[n] >= _settings.MinimumStd)];
        return shown.Length > 0 ? shown : all;
    }
}
