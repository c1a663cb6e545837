using Conjoint.Data;
using Conjoint.Tasks.Embeddings;

namespace Conjoint.Benchmarks.Learning;

/// <summary>Features of cases, for slices or for whole volumes.</summary>
internal static class ProbeFeatures
{
    private const int SliceGrid = 16, VolumeGrid = 12, VolumeSlices = 8, Bins = 32;

    /// <summary>The features of an encoder.</summary>
    /// <param name="embedder">The encoder.</param>
    /// <param name="withVolumes">Whether a volume's own embedding is taken, rather than the mean of its slices' features.</param>
    /// <param name="task">The probe.</param>
    /// <param name="storeCase">A case of it.</param>
    /// <param name="slices">The slices that are looked at.</param>
    /// <returns>[samples][F]: a sample a slice, or one for the volume.</returns>
    public static float[][] Encoded(Embedder embedder, bool withVolumes, ProbeTask task, StoreCase storeCase, int[] slices)
    {
        var geometry = SliceGeometry.Fit(storeCase, embedder.Input.Size);
        void Read(int first, int count, Span<float> values)
        {
            var plane = values.Length / count;
            for (var i = 0; i < count; i++)
                task.Store.ReadSlices(storeCase, slices[first + i], 1, values.Slice(i * plane, plane));
        }

        if (task.IsVolume && withVolumes)
            return [embedder.Volume(slices.Length, geometry, Read)];
        var features = embedder.Slices(slices.Length, geometry, Read).Chunk(embedder.SliceWidth).ToArray();
        return task.IsVolume ? [Mean(features)] : features;
    }

    /// <summary>The pixels of each slice on a 16×16 grid, or of a volume on 8×12×12.</summary>
    public static float[][] Pixels(ProbeTask task, StoreCase storeCase, int[] slices)
    {
        var geometry = SliceGeometry.Fit(storeCase, task.IsVolume ? VolumeGrid : SliceGrid);
        int[] chosen = task.IsVolume ? [.. Enumerable.Range(0, VolumeSlices).Select(i => (2 * i + 1) * storeCase.Slices / (2 * VolumeSlices))] : slices;
        float[][] squares = [.. chosen.Select(slice =>
        {
            var square = new float[geometry.Size * geometry.Size];
            geometry.Forward(Values(task, storeCase, slice), square);
            return square;
        })];
        return task.IsVolume ? [[.. squares.SelectMany(s => s)]] : squares;
    }

    /// <summary>The share of each of 32 grey values, of each slice or of a volume.</summary>
    public static float[][] Histogram(ProbeTask task, StoreCase storeCase, int[] slices)
    {
        float[][] shares = [.. slices.Select(slice =>
        {
            var values = Values(task, storeCase, slice);
            var share = new float[Bins];
            foreach (var value in values)
                share[Math.Clamp((int)(value * Bins), 0, Bins - 1)] += 1f / values.Length;
            return share;
        })];
        return task.IsVolume ? [Mean(shares)] : shares;
    }

    private static float[] Values(ProbeTask task, StoreCase storeCase, int slice)
    {
        var values = new float[storeCase.Height * storeCase.Width];
        task.Store.ReadSlices(storeCase, slice, 1, values);
        return values;
    }

    private static float[] Mean(float[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(j => (float)rows.Average(r => (double)r[j]))];
}
