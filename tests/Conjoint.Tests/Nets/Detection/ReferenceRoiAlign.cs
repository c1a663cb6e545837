using Conjoint.Nets.Detection;
using static TorchSharp.torch;

namespace Conjoint.Tests.Nets.Detection;

/// <summary>RoIAlign sample by sample, as the paper describes it, in plain loops over doubles.</summary>
internal static class ReferenceRoiAlign
{
    public static Tensor Pool(Tensor maps, Region[] regions, RoiAlign pooling, double scale)
    {
        var shape = maps.shape;
        var values = maps.contiguous().data<double>().ToArray();
        var pooled = new List<double>();
        foreach (var region in regions)
        {
            for (var c = 0; c < shape[1]; c++)
            {
                var map = values.AsSpan((int)((region.Image * shape[1] + c) * shape[2] * shape[3]), (int)(shape[2] * shape[3])).ToArray();
                for (var y = 0; y < pooling.Height; y++)
                {
                    for (var x = 0; x < pooling.Width; x++)
                        pooled.Add(Bin(map, (int)shape[2], (int)shape[3], region.Box, pooling, scale, y, x));
                }
            }
        }

        return tensor(pooled.ToArray(), [regions.Length, shape[1], pooling.Height, pooling.Width]);
    }

    private static double Bin(double[] map, int height, int width, BoxCorners box, RoiAlign pooling, double scale, int y, int x)
    {
        var half = pooling.Aligned ? 0.5 : 0;
        var (left, top) = (box.X1 * scale - half, box.Y1 * scale - half);
        var (across, down) = (box.Width * scale, box.Height * scale);
        if (!pooling.Aligned)
            (across, down) = (Math.Max(across, 1), Math.Max(down, 1));
        var (binX, binY) = (across / pooling.Width, down / pooling.Height);
        var columns = pooling.SamplingRatio > 0 ? pooling.SamplingRatio : (int)Math.Ceiling(binX);
        var rows = pooling.SamplingRatio > 0 ? pooling.SamplingRatio : (int)Math.Ceiling(binY);

        var sum = 0.0;
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
                sum += Sample(map, height, width, top + y * binY + (r + 0.5) * binY / rows, left + x * binX + (c + 0.5) * binX / columns);
        }

        return sum / Math.Max(1, rows * columns);
    }

    private static double Sample(double[] map, int height, int width, double y, double x)
    {
        if (y < -1 || y > height || x < -1 || x > width)
            return 0;
        (y, x) = (Math.Clamp(y, 0, height - 1), Math.Clamp(x, 0, width - 1));
        var (y0, x0) = ((int)y, (int)x);
        var (y1, x1) = (Math.Min(y0 + 1, height - 1), Math.Min(x0 + 1, width - 1));
        var (fy, fx) = (y - y0, x - x0);
        return (1 - fy) * ((1 - fx) * map[y0 * width + x0] + fx * map[y0 * width + x1])
            + fy * ((1 - fx) * map[y1 * width + x0] + fx * map[y1 * width + x1]);
    }
}
