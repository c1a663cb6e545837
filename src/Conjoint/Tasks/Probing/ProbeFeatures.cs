using Conjoint.Data;
using Conjoint.Tasks.Embeddings;

namespace Conjoint.Tasks.Probing;

/// <summary>Features of a case's slices, or of the whole volume.</summary>
/// <param name="store">The cases' store.</param>
/// <param name="isVolume">Whether a sample is a whole volume rather than a slice or image.</param>
internal sealed class ProbeFeatures(PreparedStore store, bool isVolume)
{
    private const int SliceGrid = 16, VolumeGrid = 12, VolumeSlices = 8, Bins = 32;

    /// <summary>The slices that are looked at: at most so many, evenly spread from the first to the last.</summary>
    public static int[] Slices(StoreCase storeCase, int most) => [.. Spread([.. Enumerable.Range(0, storeCase.Slices)], most)];

    /// <summary>At most so many of some items, evenly spread from the first to the last.</summary>
    public static IReadOnlyList<T> Spread<T>(IReadOnlyList<T> items, int most) =>
        items.Count <= most ? items : [.. Enumerable.Range(0, most).Select(i => items[most == 1 ? items.Count / 2 : (int)((long)i * (items.Count - 1) / (most - 1))])];

    /// <summary>The features of an encoder.</summary>
    /// <param name="embedder">The encoder.</param>
    /// <param name="withVolumes">Whether a volume's own embedding is taken, rather than the mean of its slices' features.</param>
    /// <param name="storeCase">The case.</param>
    /// <param name="slices">The slices that are looked at.</param>
    /// <returns>[samples][F]: a sample a slice, or one for the volume.</returns>
    public float[][] Encoded(Embedder embedder, bool withVolumes, StoreCase storeCase, int[] slices)
    {
        var geometry = SliceGeometry.Fit(storeCase, embedder.Input.Size);
        if (isVolume && withVolumes)
            return [embedder.Volume(slices.Length, geometry, Reader(storeCase, slices))];
        var features = embedder.Slices(slices.Length, geometry, Reader(storeCase, slices)).Chunk(embedder.SliceWidth).ToArray();
        return isVolume ? [Mean(features)] : features;
    }

    /// <summary>The mean of the slices' features and the volume's own embedding, where the encoder has one, from one look at the slices.</summary>
    public (float[] Slices, float[]? Volume) Both(Embedder embedder, StoreCase storeCase, int[] slices)
    {
        var (features, volume) = embedder.SlicesAndVolume(slices.Length, SliceGeometry.Fit(storeCase, embedder.Input.Size), Reader(storeCase, slices));
        return (Mean([.. features.Chunk(embedder.SliceWidth)]), volume);
    }

    /// <summary>The pixels of each slice on a 16×16 grid, or of a volume on 8×12×12.</summary>
    public float[][] Pixels(StoreCase storeCase, int[] slices)
    {
        var geometry = SliceGeometry.Fit(storeCase, isVolume ? VolumeGrid : SliceGrid);
        int[] chosen = isVolume ? [.. Enumerable.Range(0, VolumeSlices).Select(i => (2 * i + 1) * storeCase.Slices / (2 * VolumeSlices))] : slices;
        float[][] squares = [.. chosen.Select(slice =>
        {
            var square = new float[geometry.Size * geometry.Size];
            geometry.Forward(Values(storeCase, slice), square);
            return square;
        })];
        return isVolume ? [[.. squares.SelectMany(s => s)]] : squares;
    }

    /// <summary>The share of each of 32 grey values, of each slice or of a volume.</summary>
    public float[][] Histogram(StoreCase storeCase, int[] slices)
    {
        float[][] shares = [.. slices.Select(slice =>
        {
            var values = Values(storeCase, slice);
            var share = new float[Bins];
            foreach (var value in values)
                share[Math.Clamp((int)(value * Bins), 0, Bins - 1)] += 1f / values.Length;
            return share;
        })];
        return isVolume ? [Mean(shares)] : shares;
    }

    private SliceReader Reader(StoreCase storeCase, int[] slices) => (first, count, values) =>
    {
        var plane = values.Length / count;
        for (var i = 0; i < count; i++)
            store.ReadSlices(storeCase, slices[first + i], 1, values.Slice(i * plane, plane));
    };

    private float[] Values(StoreCase storeCase, int slice)
    {
        var values = new float[storeCase.Height * storeCase.Width];
        store.ReadSlices(storeCase, slice, 1, values);
        return values;
    }

    private static float[] Mean(float[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(j => (float)rows.Average(r => (double)r[j]))];
}
