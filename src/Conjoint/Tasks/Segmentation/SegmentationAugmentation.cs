using Conjoint.Data.Augmentation;

namespace Conjoint.Tasks.Segmentation;

/// <summary>One drawn change of a training slice and its mask: grey values first, then one affine map of both.</summary>
/// <param name="Gain">Factor on the values.</param>
/// <param name="Shift">Added to the values.</param>
/// <param name="Gamma">Exponent on the values.</param>
/// <param name="Noise">Standard deviation of added noise.</param>
/// <param name="Map">From a pixel of the result to one of the source, both relative to the centre, in pixels: [yy, yx, xy, xx].</param>
/// <param name="OffsetY">Added rows, as a share of the side.</param>
/// <param name="OffsetX">Added columns, as a share of the side.</param>
internal sealed record SegmentationAugmentation(
    float Gain, float Shift, float Gamma, float Noise, (double YY, double YX, double XY, double XX) Map, double OffsetY, double OffsetX)
{
    /// <summary>Draws a change; always takes the same number of draws, whatever is switched off.</summary>
    public static SegmentationAugmentation Draw(SegmentationAugmentationSettings settings, RandomStream random)
    {
        var gain = 1 + random.Uniform(-settings.Gain, settings.Gain);
        var shift = random.Uniform(-settings.Shift, settings.Shift);
        var gamma = Math.Exp(random.Uniform(-settings.LogGamma, settings.LogGamma));
        var noise = random.Uniform(0, settings.Noise);
        var angle = random.Uniform(-settings.RotationDegrees, settings.RotationDegrees) * Math.PI / 180;
        var scale = 1 + random.Uniform(-settings.Scale, settings.Scale);
        var offsetY = random.Uniform(-settings.Translation, settings.Translation);
        var offsetX = random.Uniform(-settings.Translation, settings.Translation);
        var mirror = random.NextDouble() < settings.FlipProbability ? -1 : 1;
        var (sin, cos) = Math.SinCos(angle);
        return new SegmentationAugmentation(
            (float)gain, (float)shift, (float)gamma, (float)noise,
            (cos / scale, -sin * mirror / scale, sin / scale, cos * mirror / scale), offsetY, offsetX);
    }

    /// <summary>Changes grey values in place; they stay in [0, 1].</summary>
    public void ChangeValues(Span<float> slice, RandomStream random)
    {
        if (Gain != 1 || Shift != 0 || Gamma != 1)
        {
            for (var i = 0; i < slice.Length; i++)
                slice[i] = MathF.Pow(Math.Clamp(slice[i] * Gain + Shift, 0, 1), Gamma);
        }

        if (Noise > 0)
        {
            for (var i = 0; i < slice.Length; i++)
                slice[i] = Math.Clamp(slice[i] + Noise * (float)random.Normal(), 0, 1);
        }
    }

    /// <summary>Whether the map moves anything.</summary>
    public bool Moves => Map != (1, 0, 0, 1) || OffsetY != 0 || OffsetX != 0;

    /// <summary>Moves a square slice (linear interpolation) and its classes (nearest pixel); what comes from outside is 0.</summary>
    public void Warp(
        ReadOnlySpan<float> slice, ReadOnlySpan<ushort> classes, int size, Span<float> movedSlice, Span<long> movedClasses)
    {
        var centre = (size - 1) / 2.0;
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var (dy, dx) = (y - centre, x - centre);
                var sourceY = Map.YY * dy + Map.YX * dx + centre + OffsetY * size;
                var sourceX = Map.XY * dy + Map.XX * dx + centre + OffsetX * size;
                movedSlice[y * size + x] = Linear(slice, size, sourceY, sourceX);
                var (nearY, nearX) = ((int)Math.Floor(sourceY + 0.5), (int)Math.Floor(sourceX + 0.5));
                movedClasses[y * size + x] = (uint)nearY < (uint)size && (uint)nearX < (uint)size ? classes[nearY * size + nearX] : 0;
            }
        }
    }

    private static float Linear(ReadOnlySpan<float> slice, int size, double y, double x)
    {
        var (top, left) = ((int)Math.Floor(y), (int)Math.Floor(x));
        var (fy, fx) = ((float)(y - top), (float)(x - left));
        var upper = At(slice, size, top, left) * (1 - fx) + At(slice, size, top, left + 1) * fx;
        var lower = At(slice, size, top + 1, left) * (1 - fx) + At(slice, size, top + 1, left + 1) * fx;
        return upper * (1 - fy) + lower * fy;
    }

    private static float At(ReadOnlySpan<float> slice, int size, int y, int x) =>
        (uint)y < (uint)size && (uint)x < (uint)size ? slice[y * size + x] : 0;
}
