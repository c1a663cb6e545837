using SkiaSharp;

namespace Conjoint.Training.ReportData;

/// <summary>One picture of several masks of the same slices: a row a slice, the truth in the first column and a method in each of the others.</summary>
public static class ComparisonPicture
{
    private const int Side = 168; // of a slice, its longer side
    private const int Gap = 8;
    private const int Line = PixelFont.Height + 3;

    private static readonly SKColor s_ground = new(0x18, 0x18, 0x18);
    private static readonly SKColor s_text = new(0xE8, 0xE8, 0xE8);

    /// <summary>Draws it: the classes as tinted areas, and the truth as outlines of the same colours over each method's.</summary>
    /// <param name="methods">Names of the methods.</param>
    /// <param name="slices">At least one; each with a mask of every method.</param>
    /// <returns>A PNG file; equal slices give equal bytes.</returns>
    /// <exception cref="ArgumentException">A slice has more or fewer masks than there are methods.</exception>
    public static byte[] Draw(IReadOnlyList<string> methods, IReadOnlyList<ComparedSlice> slices)
    {
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(slices);
        if (slices.FirstOrDefault(s => s.Masks.Count != methods.Count) is { } wrong)
            throw new ArgumentException($"{wrong.Name}: {wrong.Masks.Count} masks of {methods.Count} methods.", nameof(slices));

        const int TileHeight = Side + Line + Gap;
        var (width, height) = ((methods.Count + 1) * (Side + Gap) + Gap, slices.Count * TileHeight + Line + 2 * Gap);
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Clear(s_ground);
        foreach (var (column, name) in methods.Prepend("Ground truth").Index())
            PixelFont.Draw(surface.Canvas, name, Left(column), Gap, Side, s_text);
        foreach (var (row, slice) in slices.Index())
        {
            var top = Gap + Line + row * TileHeight;
            Tile(surface.Canvas, slice, slice.Truth, Left(0), top);
            foreach (var (column, mask) in slice.Masks.Index())
                Tile(surface.Canvas, slice, mask, Left(column + 1), top);
            PixelFont.Draw(surface.Canvas, slice.Name, Gap, top + Side + 3, width - 2 * Gap, s_text);
        }

        using var picture = surface.Snapshot();
        using var data = picture.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static int Left(int column) => Gap + column * (Side + Gap);

    private static void Tile(SKCanvas canvas, ComparedSlice slice, int[] mask, int left, int top)
    {
        // A half turn makes of stored rows what radiologists look at, as on the contact sheet.
        T[] Seen<T>(T[] values) => slice.Turned ? [.. values.Reverse()] : values;
        using var image = SlicePicture.Masked(Seen(slice.Values), Seen(slice.Truth), Seen(mask), slice.Height, slice.Width, Side, slice.Aspect);
        canvas.DrawImage(image, left + (Side - image.Width) / 2, top + (Side - image.Height) / 2, new SKSamplingOptions(SKFilterMode.Nearest));
    }
}

/// <summary>A slice and what several methods say of it.</summary>
/// <param name="Name">What stands below it.</param>
/// <param name="Values">[H·W], values in [0, 1].</param>
/// <param name="Truth">[H·W] labels, 0 for background.</param>
/// <param name="Masks">[H·W] labels of each method.</param>
/// <param name="Height">Rows H.</param>
/// <param name="Width">Columns W.</param>
/// <param name="Aspect">Row spacing over column spacing.</param>
/// <param name="Turned">Whether it is shown turned by half a turn: stored rows of volumes with known axes run upwards.</param>
public sealed record ComparedSlice(string Name, float[] Values, int[] Truth, IReadOnlyList<int[]> Masks, int Height, int Width, double Aspect, bool Turned);
