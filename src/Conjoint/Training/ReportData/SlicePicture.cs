using SkiaSharp;

namespace Conjoint.Training.ReportData;

/// <summary>Draws slices for a report as PNG files. Rows run from top to bottom, as in the array.</summary>
public static class SlicePicture
{
    private const byte FillOpacity = 90; // Of 255: colours show, and the anatomy still shows through.
    private const int NativeLimit = 8192;

    /// <summary>Colours of the mask classes 1, 2, 3, ... as #RRGGBB; they are used again from the first when there are more classes.</summary>
    /// <remarks>Okabe and Ito's palette, which people with colour-vision deficiency can tell apart.</remarks>
    public static IReadOnlyList<string> ClassColours { get; } =
        ["#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#D55E00", "#F0E442", "#0072B2"];

    /// <summary>The colour of a class.</summary>
    /// <param name="label">The class's label; at least 1.</param>
    public static string ClassColour(int label)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(label, 1);
        return ClassColours[(label - 1) % ClassColours.Count];
    }

    /// <summary>A slice in grey.</summary>
    /// <param name="slice">[height·width], values in [0, 1]; others are clipped, NaN is black.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="side">Length of the picture's longer side in pixels.</param>
    /// <param name="aspect">Row spacing over column spacing: 2 draws pixels twice as high as wide.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] Grey(ReadOnlySpan<float> slice, int height, int width, int side = 96, double aspect = 1)
    {
        CheckSize(slice.Length, height, width, side, aspect);
        using var surface = Draw(slice, height, width, side, aspect, out _);
        return Encode(surface);
    }

    /// <summary>A slice with its masks: predicted classes as tinted areas, true ones as outlines of the same colour.</summary>
    /// <param name="slice">[height·width], values in [0, 1]; others are clipped, NaN is black.</param>
    /// <param name="truth">[height·width] labels, 0 for background; empty where there is none.</param>
    /// <param name="prediction">[height·width] labels, 0 for background; empty where there is none.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="side">Length of the picture's longer side in pixels.</param>
    /// <param name="aspect">Row spacing over column spacing.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] WithMasks(
        ReadOnlySpan<float> slice, ReadOnlySpan<int> truth, ReadOnlySpan<int> prediction, int height, int width, int side = 256, double aspect = 1)
    {
        using var image = Masked(slice, truth, prediction, height, width, side, aspect);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The same for a larger picture; the caller disposes it.</summary>
    internal static SKImage Masked(
        ReadOnlySpan<float> slice, ReadOnlySpan<int> truth, ReadOnlySpan<int> prediction, int height, int width, int side, double aspect)
    {
        CheckSize(slice.Length, height, width, side, aspect);
        CheckMask(truth, slice.Length, nameof(truth));
        CheckMask(prediction, slice.Length, nameof(prediction));
        using var surface = Draw(slice, height, width, side, aspect, out var area);
        if (!prediction.IsEmpty)
            Fill(surface.Canvas, prediction, height, width, area);
        if (!truth.IsEmpty)
            Outline(surface.Canvas, truth, height, width, area);
        return surface.Snapshot();
    }

    /// <summary>A slice with boxes: those that are there dashed, those that were found solid.</summary>
    /// <param name="slice">[height·width], values in [0, 1]; others are clipped, NaN is black.</param>
    /// <param name="truth">In pixels of the slice.</param>
    /// <param name="found">In pixels of the slice.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="side">Length of the picture's longer side in pixels.</param>
    /// <param name="aspect">Row spacing over column spacing.</param>
    /// <returns>A PNG file.</returns>
    public static byte[] WithBoxes(
        ReadOnlySpan<float> slice, IReadOnlyList<PictureBox> truth, IReadOnlyList<PictureBox> found, int height, int width, int side = 256, double aspect = 1)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(found);
        CheckSize(slice.Length, height, width, side, aspect);
        using var surface = Draw(slice, height, width, side, aspect, out var area);
        var (sx, sy) = (area.Width / width, area.Height / height);
        using var dashes = SKPathEffect.CreateDash([5, 3], 0);
        foreach (var (box, isTrue) in truth.Select(b => (b, true)).Concat(found.Select(b => (b, false))))
        {
            using var paint = new SKPaint { Style = SKPaintStyle.Stroke, Color = Colour(box.Label), StrokeWidth = isTrue ? 1.5f : 2.5f, IsAntialias = true, PathEffect = isTrue ? dashes : null };
            surface.Canvas.DrawRect(new SKRect((float)box.X1 * sx, (float)box.Y1 * sy, (float)box.X2 * sx, (float)box.Y2 * sy), paint);
        }

        return Encode(surface);
    }

    /// <summary>A slice with the outlines of its mask, for a larger picture; the caller disposes it.</summary>
    internal static SKImage Outlined(ReadOnlySpan<float> slice, ReadOnlySpan<int> mask, int height, int width, int side, double aspect)
    {
        CheckSize(slice.Length, height, width, side, aspect);
        CheckMask(mask, slice.Length, nameof(mask));
        using var surface = Draw(slice, height, width, side, aspect, out var area);
        if (!mask.IsEmpty)
            Outline(surface.Canvas, mask, height, width, area);
        return surface.Snapshot();
    }

    private static SKSurface Draw(ReadOnlySpan<float> slice, int height, int width, int side, double aspect, out SKRect area)
    {
        var scale = side / Math.Max(height * aspect, width);
        var (wide, high) = (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * aspect * scale)));
        area = new SKRect(0, 0, wide, high);
        var pixels = new byte[slice.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = float.IsNaN(slice[i]) ? (byte)0 : (byte)Math.Round(Math.Clamp(slice[i], 0f, 1f) * 255);

        var surface = SKSurface.Create(new SKImageInfo(wide, high, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var image = SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Gray8), pixels);
        surface.Canvas.DrawImage(image, area, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return surface;
    }

    private static void Fill(SKCanvas canvas, ReadOnlySpan<int> mask, int height, int width, SKRect area)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var i = 0; i < mask.Length; i++)
            bitmap.SetPixel(i % width, i / width, mask[i] > 0 ? Colour(mask[i]).WithAlpha(FillOpacity) : SKColors.Transparent);
        using var image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(image, area, new SKSamplingOptions(SKFilterMode.Nearest));
    }

    /// <summary>A line along every pixel edge where a class ends.</summary>
    private static void Outline(SKCanvas canvas, ReadOnlySpan<int> mask, int height, int width, SKRect area)
    {
        var (sx, sy) = (area.Width / width, area.Height / height);
        foreach (var label in mask.ToArray().Where(label => label > 0).Distinct().Order())
        {
            using var path = new SKPathBuilder();
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    if (mask[(y * width) + x] != label)
                        continue;
                    if (y == 0 || mask[((y - 1) * width) + x] != label)
                        Line(path, x * sx, y * sy, (x + 1) * sx, y * sy);
                    if (y == height - 1 || mask[((y + 1) * width) + x] != label)
                        Line(path, x * sx, (y + 1) * sy, (x + 1) * sx, (y + 1) * sy);
                    if (x == 0 || mask[(y * width) + x - 1] != label)
                        Line(path, x * sx, y * sy, x * sx, (y + 1) * sy);
                    if (x == width - 1 || mask[(y * width) + x + 1] != label)
                        Line(path, (x + 1) * sx, y * sy, (x + 1) * sx, (y + 1) * sy);
                }
            }

            using var outline = path.Detach();
            using var paint = new SKPaint { Style = SKPaintStyle.Stroke, Color = Colour(label), StrokeWidth = 1.5f, IsAntialias = true };
            canvas.DrawPath(outline, paint);
        }
    }

    private static void Line(SKPathBuilder path, float x0, float y0, float x1, float y1)
    {
        path.MoveTo(x0, y0);
        path.LineTo(x1, y1);
    }

    private static SKColor Colour(int label) => SKColor.Parse(ClassColour(label));

    private static byte[] Encode(SKSurface surface)
    {
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static void CheckSize(int length, int height, int width, int side, double aspect)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length, height * width);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(side, NativeLimit);
        if (!(aspect > 0) || !double.IsFinite(aspect))
            throw new ArgumentOutOfRangeException(nameof(aspect), aspect, "The pixels' aspect is a positive number.");
    }

    private static void CheckMask(ReadOnlySpan<int> mask, int length, string name)
    {
        if (!mask.IsEmpty && mask.Length != length)
            throw new ArgumentException($"{mask.Length} labels don't fit {length} pixels.", name);
    }
}

/// <summary>A box to draw.</summary>
/// <param name="X1">Left edge.</param>
/// <param name="Y1">Upper edge.</param>
/// <param name="X2">Right edge.</param>
/// <param name="Y2">Lower edge.</param>
/// <param name="Label">Decides its colour; at least 1.</param>
public readonly record struct PictureBox(double X1, double Y1, double X2, double Y2, int Label);
