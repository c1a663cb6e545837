using Conjoint.Data;
using Conjoint.Tasks.Metrics;
using Conjoint.Training.ReportData;

namespace Conjoint.Tasks.Segmentation;

/// <summary>One case segmented and compared with its truth, on the stored grid.</summary>
/// <param name="Case">The case.</param>
/// <param name="Prediction">[N·H·W] classes.</param>
/// <param name="Truth">[N·H·W] classes.</param>
/// <param name="Score">The comparison.</param>
internal sealed record ScoredCase(StoreCase Case, ushort[] Prediction, ushort[] Truth, CaseScore Score)
{
    /// <summary>Segments and compares.</summary>
    public static ScoredCase Of(Segmenter segmenter, PreparedStore store, StoreCase storeCase, bool surfaces)
    {
        var prediction = segmenter.Segment(store, storeCase);
        var truth = new ushort[prediction.Length];
        store.ReadMask(storeCase, 0, storeCase.Slices, truth);
        segmenter.Map.ToClasses(truth);
        var grid = new VoxelGrid(
            storeCase.Slices, storeCase.Height, storeCase.Width, storeCase.SpacingMm[0], storeCase.SpacingMm[1], storeCase.SpacingMm[2],
            IsPlanar: storeCase.Kind == CaseKind.Image);
        return new ScoredCase(storeCase, prediction, truth, CaseScore.Compare(storeCase.Id, prediction, truth, segmenter.Labels, grid, surfaces));
    }

    /// <summary>The slice with the most foreground in truth, or in the prediction where the truth has none, with both masks drawn in.</summary>
    public OverlayPictures.Picture Picture(PreparedStore store, IReadOnlyList<int> labels)
    {
        var plane = Case.Height * Case.Width;
        var slice = Fullest(Truth.AsSpan().ContainsAnyExcept((ushort)0) ? Truth : Prediction, plane);
        var values = new float[plane];
        store.ReadSlices(Case, slice, 1, values);
        return new OverlayPictures.Picture(Case.Id, slice, SlicePicture.WithMasks(
            values, Plane(Truth, slice, plane, labels), Plane(Prediction, slice, plane, labels), Case.Height, Case.Width,
            aspect: Case.SpacingMm[1] / Case.SpacingMm[2]));
    }

    private static int Fullest(ushort[] classes, int plane)
    {
        var counts = new int[classes.Length / plane];
        for (var i = 0; i < classes.Length; i++)
            counts[i / plane] += classes[i] > 0 ? 1 : 0;
        return Array.IndexOf(counts, counts.Max());
    }

    private static int[] Plane(ushort[] classes, int slice, int plane, IReadOnlyList<int> labels) =>
        [.. classes.AsSpan(slice * plane, plane).ToArray().Select(c => c == 0 ? 0 : labels[c - 1])];
}
