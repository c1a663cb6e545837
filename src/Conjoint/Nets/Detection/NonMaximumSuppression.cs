namespace Conjoint.Nets.Detection;

/// <summary>Of boxes that cover one another, only the one with the best score stays.</summary>
public static class NonMaximumSuppression
{
    /// <summary>Greedy by falling score: a box goes when its IoU with one that stays is above the threshold.</summary>
    /// <param name="boxes">Boxes.</param>
    /// <param name="scores">One a box; of equal scores the lower index comes first.</param>
    /// <param name="iouThreshold">An IoU of exactly this stays.</param>
    /// <returns>Indices of the boxes that stay, by falling score. Boxes or scores that aren't finite never do.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static int[] Keep(ReadOnlySpan<BoxCorners> boxes, ReadOnlySpan<double> scores, double iouThreshold) =>
        KeepByClass(boxes, scores, new int[boxes.Length], iouThreshold);

    /// <summary>The same with every class (or pyramid level, or image) by itself: boxes of different classes don't meet.</summary>
    /// <param name="boxes">Boxes.</param>
    /// <param name="scores">One a box; of equal scores the lower index comes first.</param>
    /// <param name="classes">One a box.</param>
    /// <param name="iouThreshold">An IoU of exactly this stays.</param>
    /// <returns>Indices of the boxes that stay, of all classes together by falling score.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static int[] KeepByClass(ReadOnlySpan<BoxCorners> boxes, ReadOnlySpan<double> scores, ReadOnlySpan<int> classes, double iouThreshold)
    {
        if (scores.Length != boxes.Length || classes.Length != boxes.Length)
            throw new ArgumentException($"There are {boxes.Length} boxes, {scores.Length} scores and {classes.Length} classes.", nameof(scores));

        var kept = new List<int>();
        var keptOfClass = new Dictionary<int, List<BoxCorners>>();
        foreach (var candidate in ByFallingScore(boxes, scores))
        {
            if (!keptOfClass.TryGetValue(classes[candidate], out var better))
                keptOfClass[classes[candidate]] = better = [];
            if (IsCovered(boxes[candidate], better, iouThreshold))
                continue;
            better.Add(boxes[candidate]);
            kept.Add(candidate);
        }

        return [.. kept];
    }

    private static int[] ByFallingScore(ReadOnlySpan<BoxCorners> boxes, ReadOnlySpan<double> scores)
    {
        var all = scores.ToArray();
        var order = new List<int>(all.Length);
        for (var i = 0; i < all.Length; i++)
        {
            if (double.IsFinite(all[i]) && boxes[i].IsFinite)
                order.Add(i);
        }

        return [.. order.OrderByDescending(i => all[i])]; // stable
    }

    private static bool IsCovered(in BoxCorners box, List<BoxCorners> better, double iouThreshold)
    {
        foreach (var other in better)
        {
            if (other.Iou(box) > iouThreshold)
                return true;
        }

        return false;
    }
}
