namespace Conjoint.Tasks.Metrics;

/// <summary>
/// Dice and IoU as the authors' released evaluation computes them, to compare with their numbers; scores of this program
/// come from <see cref="Overlap"/>.
/// </summary>
/// <remarks>A small constant stands in both parts of the fraction, so that a class absent from both scores exactly 1.</remarks>
internal static class ReleasedOverlap
{
    private const double Epsilon = 1e-6;

    /// <summary>(2·|P∩T| + 1e-6) / (|P| + |T| + 1e-6).</summary>
    public static double Dice(Overlap overlap) =>
        (2.0 * overlap.Intersection + Epsilon) / (overlap.Predicted + overlap.True + Epsilon);

    /// <summary>(|P∩T| + 1e-6) / (|P∪T| + 1e-6).</summary>
    public static double Iou(Overlap overlap) =>
        (overlap.Intersection + Epsilon) / (overlap.Predicted + overlap.True - overlap.Intersection + Epsilon);

    /// <summary>A score per class and image, averaged over the images of a batch, then over the batches; a last partial batch is dropped.</summary>
    /// <param name="images">Overlaps of each image, one entry a class.</param>
    /// <param name="batch">Images in a batch.</param>
    /// <param name="score"><see cref="Dice"/> or <see cref="Iou"/>.</param>
    /// <returns>One score a class.</returns>
    public static double[] PerClass(IReadOnlyList<Overlap[]> images, int batch, Func<Overlap, double> score)
    {
        var whole = images.Take(images.Count / batch * batch).ToArray();
        return [.. Enumerable.Range(0, images[0].Length).Select(c => whole.Average(image => score(image[c])))];
    }
}
