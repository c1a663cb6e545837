using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Anatomy;

namespace Conjoint.Data.Phantoms.Scanners;

/// <summary>What every scanner does to a painting: slices with a thickness, blur, noise.</summary>
internal static class Detector
{
    /// <summary>Means over <paramref name="thickness"/> successive planes of the last axis: the partial volume of a thick slice.</summary>
    public static float[] ThickSlices(float[] values, int planeLength, int thickness)
    {
        var slices = new float[values.Length / thickness];
        for (var i = 0; i < slices.Length; i++)
        {
            var (slice, pixel) = (i / planeLength, i % planeLength);
            for (var sub = 0; sub < thickness; sub++)
                slices[i] += values[(slice * thickness + sub) * planeLength + pixel] / thickness;
        }

        return slices;
    }

    /// <summary>Labels of thick slices: the structure that fills at least half of three planes, else that of the middle one.</summary>
    public static Structure[] ThickSlices(Structure[] structures, int planeLength)
    {
        var slices = new Structure[structures.Length / 3];
        for (var i = 0; i < slices.Length; i++)
        {
            var middle = (i / planeLength * 3 + 1) * planeLength + i % planeLength;
            var (below, above) = (structures[middle - planeLength], structures[middle + planeLength]);
            slices[i] = below == above ? below : structures[middle];
        }

        return slices;
    }

    /// <summary>Blurs every plane of the first two axes with a Gaussian, in place; edges repeat.</summary>
    public static void BlurPlanes(float[] values, int width, int height, float sigmaPixels)
    {
        var reach = Math.Max(1, (int)MathF.Ceiling(2.5f * sigmaPixels));
        var kernel = new float[2 * reach + 1];
        for (var i = -reach; i <= reach; i++)
            kernel[i + reach] = MathF.Exp(-0.5f * i * i / (sigmaPixels * sigmaPixels));
        var sum = kernel.Sum();
        for (var i = 0; i < kernel.Length; i++)
            kernel[i] /= sum;

        var line = new float[Math.Max(width, height)];
        for (var plane = 0; plane < values.Length; plane += width * height)
        {
            for (var y = 0; y < height; y++)
                BlurLine(values, plane + y * width, 1, width, kernel, line);
            for (var x = 0; x < width; x++)
                BlurLine(values, plane + x, width, height, kernel, line);
        }
    }

    /// <summary>Normal noise with the given deviation, correlated between neighbours in a plane as a reconstruction filter leaves it.</summary>
    public static float[] CorrelatedNoise(int length, int width, int height, float deviation, RandomStream random)
    {
        var noise = new float[length];
        for (var i = 0; i < length; i++)
            noise[i] = (float)random.Normal();
        BlurPlanes(noise, width, height, 0.6f);
        var squares = 0.0;
        foreach (var value in noise)
            squares += value * value;
        var factor = deviation / (float)Math.Sqrt(squares / length);
        for (var i = 0; i < length; i++)
            noise[i] *= factor;
        return noise;
    }

    private static void BlurLine(float[] values, int start, int stride, int length, float[] kernel, float[] line)
    {
        var reach = kernel.Length / 2;
        for (var i = 0; i < length; i++)
            line[i] = values[start + i * stride];
        for (var i = 0; i < length; i++)
        {
            var sum = 0f;
            for (var k = -reach; k <= reach; k++)
                sum += kernel[k + reach] * line[Math.Clamp(i + k, 0, length - 1)];
            values[start + i * stride] = sum;
        }
    }
}
