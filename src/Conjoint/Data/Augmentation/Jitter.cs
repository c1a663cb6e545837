using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Conjoint.Data.Augmentation;

/// <summary>
/// Brightness and contrast as torchvision changes them on images in [0, 1]: clamp(f x), and clamp(f x + (1 - f) mean) with the mean of
/// the image at that moment.
/// </summary>
internal static class Jitter
{
    /// <summary>Changes the pixels in place, in the drawn order.</summary>
    public static void Apply(Span<float> pixels, CropDraw draw)
    {
        if (draw.IsContrastFirst)
        {
            ChangeContrast(pixels, draw.Contrast);
            ChangeBrightness(pixels, draw.Brightness);
        }
        else
        {
            ChangeBrightness(pixels, draw.Brightness);
            ChangeContrast(pixels, draw.Contrast);
        }
    }

    private static void ChangeBrightness(Span<float> pixels, double factor)
    {
        if (factor != 1)
        {
            Elementwise.Map(pixels, pixels, new ScaleAndShift(factor, 0));
        }
    }

    private static void ChangeContrast(Span<float> pixels, double factor)
    {
        if (factor != 1)
        {
            Elementwise.Map(pixels, pixels, new ScaleAndShift(factor, (1 - factor) * Mean(pixels)));
        }
    }

    /// <summary>The mean, summed in eight lanes on every machine so that its bits are the same.</summary>
    private static double Mean(ReadOnlySpan<float> pixels)
    {
        ref var from = ref MemoryMarshal.GetReference(pixels);
        var sum = 0.0;
        var i = 0;
        while (i <= pixels.Length - Vector256<float>.Count)
        {
            var lanes = Vector256<float>.Zero;
            var end = Math.Min(pixels.Length - Vector256<float>.Count, i + 127 * Vector256<float>.Count); // short sums stay precise
            for (; i <= end; i += Vector256<float>.Count)
            {
                lanes += Vector256.LoadUnsafe(ref from, (nuint)i);
            }

            for (var lane = 0; lane < Vector256<float>.Count; lane++)
            {
                sum += lanes[lane];
            }
        }

        for (; i < pixels.Length; i++)
        {
            sum += pixels[i];
        }

        return sum / pixels.Length;
    }

    /// <summary>clamp(factor x + shift).</summary>
    private readonly struct ScaleAndShift(double factor, double shift) : IElementwise<float>
    {
        private readonly Vector512<float> _factor = Vector512.Create((float)factor);
        private readonly Vector512<float> _shift = Vector512.Create((float)shift);

        public Vector512<float> Invoke(Vector512<float> x) => default(Clamp).Invoke(Vector512.FusedMultiplyAdd(_factor, x, _shift));
    }

    /// <summary>The nearest number of [0, 1].</summary>
    internal readonly struct Clamp : IElementwise<float>
    {
        public Vector512<float> Invoke(Vector512<float> x) => Vector512.Min(Vector512.Max(x, Vector512<float>.Zero), Vector512<float>.One);
    }
}
