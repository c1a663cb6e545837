using Conjoint.Data.Augmentation;

namespace Conjoint.Tests.Data.Augmentation;

/// <summary>A crop in double precision, pixel by pixel, straight from the definitions.</summary>
internal static class PlainCrop
{
    public static double[] Apply(float[] slice, int width, CropDraw draw)
    {
        var size = draw.Size;
        var pixels = new double[size * size];
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var column = draw.IsFlipped ? size - 1 - x : x;
                foreach (var (row, rowWeight) in Triangle(y, draw.Height, size))
                {
                    foreach (var (col, columnWeight) in Triangle(column, draw.Width, size))
                    {
                        pixels[y * size + x] += rowWeight * columnWeight * slice[(draw.Top + row) * width + draw.Left + col];
                    }
                }
            }
        }

        pixels = draw.IsContrastFirst
            ? Brightness(Contrast(pixels, draw.Contrast), draw.Brightness)
            : Contrast(Brightness(pixels, draw.Brightness), draw.Contrast);
        return Blur(Blur(pixels, size, 1, draw.BlurSigma), size, size, draw.BlurSigma);
    }

    /// <summary>Weights of the pixels for one pixel of the result: a triangle about its centre, at least one pixel to each side.</summary>
    private static List<(int Index, double Weight)> Triangle(int index, int from, int to)
    {
        var ratio = (double)from / to;
        var centre = (index + 0.5) * ratio - 0.5;
        var weights = Enumerable.Range(0, from).Select(i => (i, Math.Max(0, 1 - Math.Abs(i - centre) / Math.Max(ratio, 1)))).Where(pair => pair.Item2 > 0).ToList();
        var sum = weights.Sum(pair => pair.Item2);
        return weights.ConvertAll(pair => (pair.i, pair.Item2 / sum));
    }

    private static double[] Brightness(double[] pixels, double factor) => Array.ConvertAll(pixels, x => Math.Clamp(factor * x, 0, 1));

    private static double[] Contrast(double[] pixels, double factor)
    {
        var mean = pixels.Average();
        return Array.ConvertAll(pixels, x => Math.Clamp(factor * x + (1 - factor) * mean, 0, 1));
    }

    private static double[] Blur(double[] pixels, int size, int stride, double sigma)
    {
        var radius = (int)Math.Ceiling(3 * sigma);
        var result = new double[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var at = i / stride % size;
            var (sum, total) = (0.0, 0.0);
            for (var k = -radius; k <= radius; k++)
            {
                var weight = k == 0 ? 1 : Math.Exp(-0.5 * k * k / (sigma * sigma));
                var mirrored = ((at + k) % (2 * size) + 2 * size) % (2 * size);
                mirrored = mirrored < size ? mirrored : 2 * size - 1 - mirrored;
                sum += weight * pixels[i + (mirrored - at) * stride];
                total += weight;
            }

            result[i] = sum / total;
        }

        return result;
    }
}
