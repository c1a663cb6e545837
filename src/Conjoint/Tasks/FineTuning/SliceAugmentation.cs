using Conjoint.Data.Augmentation;

namespace Conjoint.Tasks.FineTuning;

/// <summary>One drawn change of training slices and their masks: grey values first, then one affine map of both.</summary>
/// <param name="Gain">Factor on the values.</param>
/// <param name="Shift">Added to the values.</param>
/// <param name="Gamma">Exponent on the values.</param>
/// <param name="Noise">Standard deviation of added noise.</param>
/// <param name="Map">From a pixel of the result to one of the source, both relative to the centre, in pixels: [yy, yx, xy, xx].</param>
/// <param name="OffsetY">Added rows, as a share of the side.</param>
/// <param name="OffsetX">Added columns, as a share of the side.</param>
internal sealed record SliceAugmentation(
    float Gain, float Shift, float Gamma, float Noise, (double YY, double YX, double XY, double XX) Map, double OffsetY, double OffsetX)
{
    /// <summary>Draws a change; always takes the same number of draws, whatever is switched off.</summary>
    public static SliceAugmentation Draw(SliceAugmentationSettings settings, RandomStream random)
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
        return new SliceAugmentation(
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

    /// <summary>Moves a square slice, by linear interpolation; what comes from outside is 0.</summary>
    public void Warp(ReadOnlySpan<float> slice, int size, Span<float> moved)
    {
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var (sourceY, sourceX) = SourceOf(y, x, size);
                moved[y * size + x] = Linear(slice, size, sourceY, sourceX);
            }
        }
    }

    /// <summary>Moves the classes of a square slice, by the nearest pixel; what comes from outside is 0.</summary>
    public void Warp(ReadOnlySpan<ushort> classes, int size, Span<long> moved)
    {
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var (sourceY, sourceX) = SourceOf(y, x, size);
                var (nearY, nearX) = ((int)Math.Floor(sourceY + 0.5), (int)Math.Floor(sourceX + 0.5));
                moved[y * size + x] = (uint)nearY < (uint)size && (uint)nearX < (uint)size ? classes[nearY * size + nearX] : 0;
            }
        }
    }

    /// <summary>Where a point of the source, in pixels from the corner of the square, lies in the result: the inverse of the map.</summary>
    public (double X, double Y) ToResult(double x, double y, int size)
    {
        var half = size / 2.0;   // a pixel's centre lies half a pixel from its edge, in the source and in the result
        var (dy, dx) = (y - half - OffsetY * size, x - half - OffsetX * size);
        var determinant = Map.YY * Map.XX - Map.YX * Map.XY;
        return ((Map.YY * dx - Map.XY * dy) / determinant + half, (Map.XX * dy - Map.YX * dx) / determinant + half);
    }

    private (double Y, double X) SourceOf(int y, int x, int size)
    {
        var centre = (size - 1) / 2.0;
        var (dy, dx) = (y - centre, x - centre);
        return (Map.YY * dy + Map.YX * dx + centre + OffsetY * size, Map.XY * dy + Map.XX * dx + centre + OffsetX * size);
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
