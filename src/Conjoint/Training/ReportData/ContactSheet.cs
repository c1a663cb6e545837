using Conjoint.Data;
using SkiaSharp;

namespace Conjoint.Training.ReportData;

/// <summary>One picture of many cases of a store: a slice of each, with the outlines of its mask and its name.</summary>
public static class ContactSheet
{
    /// <summary>Name of the picture in a store.</summary>
    public const string FileName = "contact-sheet.png";

    /// <summary>Cases on a picture; of a larger store, so many are taken evenly.</summary>
    public const int MostCases = 48;

    private const int Columns = 6;
    private const int Side = 168;      // of a slice, its longer side
    private const int Gap = 8;
    private const int Line = PixelFont.Height + 3;
    private const int TileHeight = Side + 2 * Line + Gap;

    private static readonly SKColor s_ground = new(0x18, 0x18, 0x18);
    private static readonly SKColor s_text = new(0xE8, 0xE8, 0xE8);
    private static readonly SKColor s_smallText = new(0xA0, 0xA0, 0xA0);

    /// <summary>Draws a store.</summary>
    /// <param name="store">At least one case.</param>
    /// <returns>A PNG file; the same store gives the same bytes.</returns>
    /// <remarks>
    /// Of a volume, the middle slice of those with a label, or of all; where the patient's axes are known, it is shown as radiologists
    /// look at it: front or head up, the patient's right on the left.
    /// </remarks>
    /// <exception cref="Imaging.InputDataException">An array is missing or damaged.</exception>
    public static byte[] Draw(PreparedStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var cases = Chosen(store.Cases);
        var rows = (cases.Count + Columns - 1) / Columns;
        var (width, height) = (Columns * (Side + Gap) + Gap, rows * TileHeight + Line + 2 * Gap);
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var canvas = surface.Canvas;
        canvas.Clear(s_ground);
        var title = cases.Count == store.Cases.Count ? $"{cases.Count} cases" : $"{cases.Count} of {store.Cases.Count} cases";
        PixelFont.Draw(canvas, title, Gap, Gap, width - 2 * Gap, s_text);
        for (var i = 0; i < cases.Count; i++)
            Tile(canvas, store, cases[i], Gap + i % Columns * (Side + Gap), Gap + Line + i / Columns * TileHeight);

        using var picture = surface.Snapshot();
        using var data = picture.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static IReadOnlyList<StoreCase> Chosen(IReadOnlyList<StoreCase> cases) => cases.Count <= MostCases
        ? cases
        : [.. Enumerable.Range(0, MostCases).Select(i => cases[(int)((long)i * cases.Count / MostCases)])];

    private static void Tile(SKCanvas canvas, PreparedStore store, StoreCase storeCase, int left, int top)
    {
        var plane = storeCase.Height * storeCase.Width;
        var (slice, mask) = (new float[plane], Array.Empty<int>());
        var at = MiddleSlice(store, storeCase);
        store.ReadSlices(storeCase, at, 1, slice);
        if (storeCase.HasMask)
        {
            var labels = new ushort[plane];
            store.ReadMask(storeCase, at, 1, labels);
            mask = Array.ConvertAll(labels, l => (int)(storeCase.HasLayers ? LayeredMask.Topmost(l) : l));
        }

        // Stored rows run to the front or the head and columns to the right or the front: a half turn makes the usual view.
        if (storeCase.Orientation is not null)
        {
            slice.AsSpan().Reverse();
            mask.AsSpan().Reverse();
        }

        using var image = SlicePicture.Outlined(slice, mask, storeCase.Height, storeCase.Width, Side, storeCase.SpacingMm[1] / storeCase.SpacingMm[2]);
        canvas.DrawImage(image, left + (Side - image.Width) / 2, top + (Side - image.Height) / 2, new SKSamplingOptions(SKFilterMode.Nearest));
        PixelFont.Draw(canvas, storeCase.Id, left, top + Side + 3, Side, s_text);
        var size = storeCase.Kind == CaseKind.Volume ? $"{storeCase.Width}×{storeCase.Height}×{storeCase.Slices}" : $"{storeCase.Width}×{storeCase.Height}";
        PixelFont.Draw(canvas, $"{storeCase.Modality} {storeCase.Split} {size}", left, top + Side + 3 + Line, Side, s_smallText);
    }

    private static int MiddleSlice(PreparedStore store, StoreCase storeCase)
    {
        var labelled = new List<int>();
        if (storeCase.HasMask && storeCase.MaskLabels.Count > 0)
        {
            var labels = new ushort[storeCase.Height * storeCase.Width];
            for (var n = 0; n < storeCase.Slices; n++)
            {
                store.ReadMask(storeCase, n, 1, labels);
                if (labels.AsSpan().ContainsAnyExcept((ushort)0))
                    labelled.Add(n);
            }
        }

        return labelled.Count > 0 ? labelled[labelled.Count / 2] : storeCase.Slices / 2;
    }
}
