namespace Conjoint.Tasks.Metrics;

/// <summary>How well one case was segmented: its classes, and their mean.</summary>
/// <param name="Case">The case's id.</param>
/// <param name="Classes">Every foreground class; those absent from truth and prediction hold NaN.</param>
public sealed record CaseScore(string Case, IReadOnlyList<ClassScore> Classes)
{
    /// <summary>Mean Dice over the classes that occur; NaN when none does.</summary>
    public double Dice => MeanStd.Of(Classes.Select(c => c.Dice)).Mean;

    /// <summary>Mean IoU over the classes that occur; NaN when none does.</summary>
    public double Iou => MeanStd.Of(Classes.Select(c => c.Iou)).Mean;

    /// <summary>What distances are in: <c>mm</c>, or <c>px</c> where the source states no voxel size.</summary>
    public string DistanceUnit { get; init; } = "mm";

    /// <summary>Mean HD95 over the classes that occur; NaN when none does or it wasn't asked for.</summary>
    public double Hd95 => MeanStd.Of(Classes.Select(c => c.Hd95)).Mean;

    /// <summary>Mean ASSD over the classes that occur; NaN when none does or it wasn't asked for.</summary>
    public double Assd => MeanStd.Of(Classes.Select(c => c.Assd)).Mean;

    /// <summary>Compares a prediction with the truth.</summary>
    /// <param name="name">The case's id.</param>
    /// <param name="prediction">Class of each voxel: 0 background, k for <paramref name="labels"/>[k − 1].</param>
    /// <param name="truth">The same for the truth.</param>
    /// <param name="labels">The mask values of the foreground classes.</param>
    /// <param name="grid">The grid of both.</param>
    /// <param name="surfaces">Whether HD95 and ASSD are wanted too; they take longer.</param>
    /// <param name="isLayered">Whether structures may overlap: a voxel's value is a set then, bit k for <paramref name="labels"/>[k].</param>
    public static CaseScore Compare(
        string name, ReadOnlySpan<ushort> prediction, ReadOnlySpan<ushort> truth, IReadOnlyList<int> labels, VoxelGrid grid, bool surfaces,
        bool isLayered = false)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(grid);
        var overlaps = isLayered ? Overlap.CountLayers(prediction, truth, labels.Count) : Overlap.Count(prediction, truth, labels.Count + 1)[1..];
        var scores = new ClassScore[labels.Count];
        for (var k = 0; k < labels.Count; k++)
        {
            var score = new ClassScore(labels[k], overlaps[k].Dice, overlaps[k].Iou);
            if (surfaces && !overlaps[k].IsAbsent)
            {
                var distances = SurfaceDistances.Between(MaskOf(prediction, k, isLayered), MaskOf(truth, k, isLayered), grid);
                score = score with { Hd95 = distances.Hd95, Assd = distances.Assd };
            }

            scores[k] = score;
        }

        return new CaseScore(name, scores) { DistanceUnit = grid.Unit };
    }

    private static bool[] MaskOf(ReadOnlySpan<ushort> classes, int k, bool isLayered)
    {
        var mask = new bool[classes.Length];
        for (var i = 0; i < mask.Length; i++)
            mask[i] = isLayered ? (classes[i] >> k & 1) != 0 : classes[i] == k + 1;
        return mask;
    }
}
