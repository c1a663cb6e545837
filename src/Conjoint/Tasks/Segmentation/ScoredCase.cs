using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Tasks.Metrics;
using Conjoint.Training.ReportData;

namespace Conjoint.Tasks.Segmentation;

/// <summary>One case segmented and compared with its truth, on the stored grid.</summary>
/// <param name="Case">The case.</param>
/// <param name="Prediction">[N·H·W] classes, or sets of structures.</param>
/// <param name="Truth">The same.</param>
/// <param name="Score">The comparison.</param>
internal sealed record ScoredCase(StoreCase Case, ushort[] Prediction, ushort[] Truth, CaseScore Score)
{
    /// <summary>Segments and compares.</summary>
    public static ScoredCase Of(Segmenter segmenter, PreparedStore store, StoreCase storeCase, bool surfaces)
    {
        if (storeCase.HasLayers != segmenter.Map.IsLayered)
        {
            throw new InputDataException(Path.Combine(store.Folder, storeCase.Id), segmenter.Map.IsLayered
                ? "has a mask without overlaps, but the model learned from structures that may overlap; expected masks of one sort"
                : "has a mask whose structures may overlap, but the model knows one class a pixel; expected masks of one sort");
        }

        var prediction = segmenter.Segment(store, storeCase);
        var truth = new ushort[prediction.Length];
        store.ReadMask(storeCase, 0, storeCase.Slices, truth);
        segmenter.Map.ToClasses(truth);
        return new ScoredCase(storeCase, prediction, truth, CaseScore.Compare(storeCase.Id, prediction, truth, segmenter.Labels, VoxelGrid.Of(storeCase), surfaces, segmenter.Map.IsLayered));
    }

    /// <summary>The slice with the most foreground in truth, or in the prediction where the truth has none, with both masks drawn in.</summary>
    public OverlayPictures.Picture Picture(PreparedStore store, ClassMap map)
    {
        var plane = Case.Height * Case.Width;
        var slice = Fullest(Truth.AsSpan().ContainsAnyExcept((ushort)0) ? Truth : Prediction, plane);
        var values = new float[plane];
        store.ReadSlices(Case, slice, 1, values);
        return new OverlayPictures.Picture(Case.Id, slice, SlicePicture.WithMasks(
            values, Plane(Truth, slice, plane, map), Plane(Prediction, slice, plane, map), Case.Height, Case.Width,
            aspect: Case.SpacingMm[1] / Case.SpacingMm[2]));
    }

    private static int Fullest(ushort[] classes, int plane)
    {
        var counts = new int[classes.Length / plane];
        for (var i = 0; i < classes.Length; i++)
            counts[i / plane] += classes[i] > 0 ? 1 : 0;
        return Array.IndexOf(counts, counts.Max());
    }

    private static int[] Plane(ushort[] classes, int slice, int plane, ClassMap map) =>
        [.. classes.AsSpan(slice * plane, plane).ToArray().Select(map.Drawn)];
}
