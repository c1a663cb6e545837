namespace Conjoint.Data;

/// <summary>
/// The box of what is brighter than the background: values above the threshold that parts the volume's histogram best in two
/// (Otsu, "A threshold selection method from gray-level histograms", IEEE Trans. SMC 9(1), 1979).
/// </summary>
internal static class Foreground
{
    private const int Bins = 256;

    /// <summary>First and last voxel along [slice, row, column].</summary>
    /// <param name="values">[N, H, W] in [0, 1].</param>
    /// <param name="labels">[N, H, W], voxels other than 0 are kept in any case; empty without a mask.</param>
    /// <param name="slices">N.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <returns>Null when nothing is brighter than the rest.</returns>
    public static (int Low, int High)[]? Box(ReadOnlySpan<float> values, ReadOnlySpan<ushort> labels, int slices, int height, int width)
    {
        var threshold = Threshold(values);
        var box = new (int Low, int High)[] { (slices, -1), (height, -1), (width, -1) };
        for (var n = 0; n < slices; n++)
        {
            for (var h = 0; h < height; h++)
            {
                var at = (n * height + h) * width;
                var line = values.Slice(at, width);
                var mask = labels.IsEmpty ? labels : labels.Slice(at, width);
                for (var w = 0; w < width; w++)
                {
                    if (line[w] < threshold && (mask.IsEmpty || mask[w] == 0))
                        continue;
                    Widen(ref box[0], n);
                    Widen(ref box[1], h);
                    Widen(ref box[2], w);
                }
            }
        }

        return box[0].High < 0 ? null : box;
    }

    /// <summary>The lowest upper edge of a bin that makes the variance between the two classes largest; infinite when all values share a bin.</summary>
    public static float Threshold(ReadOnlySpan<float> values)
    {
        var counts = new long[Bins];
        foreach (var value in values)
            counts[Bin(value)]++;

        var sum = 0.0;
        for (var bin = 0; bin < Bins; bin++)
            sum += (double)bin * counts[bin];
        var (below, belowSum, best, threshold) = (0L, 0.0, 0.0, float.PositiveInfinity);
        for (var bin = 0; bin < Bins - 1; bin++)
        {
            below += counts[bin];
            belowSum += (double)bin * counts[bin];
            var above = values.Length - below;
            if (below == 0 || above == 0)
                continue;
            var difference = belowSum / below - (sum - belowSum) / above;
            var between = (double)below * above * difference * difference;
            if (between > best)
                (best, threshold) = (between, (bin + 1) / (float)Bins);
        }

        return threshold;
    }

    private static int Bin(float value) => Math.Clamp((int)(value * Bins), 0, Bins - 1);

    private static void Widen(ref (int Low, int High) range, int at) => range = (Math.Min(range.Low, at), Math.Max(range.High, at));
}
