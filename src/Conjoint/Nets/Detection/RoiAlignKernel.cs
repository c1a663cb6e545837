using System.Numerics;
using System.Runtime.InteropServices;

namespace Conjoint.Nets.Detection;

/// <summary>RoIAlign of one region and its gradient, in float32 or float64, vectorised along the channels.</summary>
internal static class RoiAlignKernel
{
    /// <summary>A pass over one region: from a map to its bins, or back.</summary>
    /// <param name="map">[h·w, C].</param>
    /// <param name="bins">[height·width, C].</param>
    /// <param name="channels">C.</param>
    /// <param name="region">What joins cells and bins.</param>
    public delegate void Pass<T>(Span<T> map, Span<T> bins, int channels, RegionWeights region);

    /// <summary>Adds the cells, weighted, to the bins.</summary>
    public static void Gather<T>(Span<T> map, Span<T> bins, int channels, RegionWeights region)
        where T : unmanaged, INumberBase<T>
    {
        foreach (var (bin, cell, weight) in region.Pairs())
            AddScaled(map.Slice(cell * channels, channels), T.CreateChecked(weight), bins.Slice(bin * channels, channels));
    }

    /// <summary>Adds the bins' gradients, weighted, to the cells': the transpose of <see cref="Gather"/>.</summary>
    public static void Scatter<T>(Span<T> map, Span<T> bins, int channels, RegionWeights region)
        where T : unmanaged, INumberBase<T>
    {
        foreach (var (bin, cell, weight) in region.Pairs())
            AddScaled(bins.Slice(bin * channels, channels), T.CreateChecked(weight), map.Slice(cell * channels, channels));
    }

    /// <summary>target += weight · source.</summary>
    private static void AddScaled<T>(ReadOnlySpan<T> source, T weight, Span<T> target)
        where T : unmanaged, INumberBase<T>
    {
        var weights = new Vector<T>(weight);
        var sources = MemoryMarshal.Cast<T, Vector<T>>(source);
        var targets = MemoryMarshal.Cast<T, Vector<T>>(target);
        for (var v = 0; v < sources.Length; v++)
            targets[v] += weights * sources[v];
        for (var i = sources.Length * Vector<T>.Count; i < source.Length; i++)
            target[i] += weight * source[i];
    }
}
