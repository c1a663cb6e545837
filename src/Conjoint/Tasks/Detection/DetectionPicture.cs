using Conjoint.Data;
using Conjoint.Training.ReportData;

namespace Conjoint.Tasks.Detection;

/// <summary>An image with its boxes drawn in: those that are there dashed, those that were found solid, a colour a class.</summary>
internal static class DetectionPicture
{
    // Many doubtful boxes would hide the sure ones.
    private const double LeastShown = 0.3;

    /// <summary>Of a stored image.</summary>
    public static byte[] Of(PreparedStore store, StoreCase storeCase, DetectedCase found, IReadOnlyList<string> classes)
    {
        var values = new float[storeCase.Height * storeCase.Width];
        store.ReadSlices(storeCase, 0, 1, values);
        return Of(values, storeCase.Height, storeCase.Width, storeCase.SpacingMm[1] / storeCase.SpacingMm[2], found.Truth, found.Found, classes, side: 320);
    }

    /// <summary>Of any slice.</summary>
    public static byte[] Of(
        ReadOnlySpan<float> values, int height, int width, double aspect, IReadOnlyList<Box> truth, IReadOnlyList<FoundBox> found, IReadOnlyList<string> classes, int side) =>
        SlicePicture.WithBoxes(
            values, [.. truth.Select(t => new PictureBox(t.X1, t.Y1, t.X2, t.Y2, Label(t.Class, classes)))],
            [.. found.Where(f => f.Score >= LeastShown).Select(f => new PictureBox(f.X1, f.Y1, f.X2, f.Y2, Label(f.Class, classes)))], height, width, side, aspect);

    private static int Label(string name, IReadOnlyList<string> classes) => 1 + Math.Max(0, classes.Index().FirstOrDefault(c => c.Item == name).Index);
}
