using Conjoint.Nets.Detection;

namespace Conjoint.Tasks.Metrics;

/// <summary>How well a detector finds the boxes of each class.</summary>
/// <remarks>
/// Greedy by falling score: a detection takes the still-free true box of its image and class with the largest IoU, if that is at least
/// the threshold, and is wrong otherwise. Equal scores: lower image first, then as listed. As pycocotools over all areas, except that of
/// equal IoUs the first box is taken. Sources: Everingham et al., "The PASCAL Visual Object Classes Challenge" (2010); Lin et al.,
/// "Microsoft COCO" (2014).
/// </remarks>
public static class AveragePrecision
{
    /// <summary>COCO's limit of detections an image; here for each class.</summary>
    public const int CocoDetections = 100;

    /// <summary>COCO's IoU thresholds, 0.5 to 0.95.</summary>
    public static IReadOnlyList<double> CocoThresholds { get; } = [.. Enumerable.Range(0, 10).Select(i => 0.5 + i * 0.05)];

    /// <summary>Precision and recall of every class at one IoU threshold.</summary>
    /// <param name="truths">The true boxes of all images.</param>
    /// <param name="detections">What the detector found on them, in any order.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="iouThreshold">Least IoU of a right detection, above 0.</param>
    /// <param name="mostDetections">So many detections count on each image for each class, the best ones.</param>
    /// <returns>One curve a class; its averages are NaN for a class without a true box, to be left out of the mean.</returns>
    /// <exception cref="ArgumentException">A class lies outside, or a score is NaN.</exception>
    public static PrecisionRecall[] Curves(
        IReadOnlyList<TrueBox> truths, IReadOnlyList<DetectedBox> detections, int classes, double iouThreshold, int mostDetections = CocoDetections)
    {
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentNullException.ThrowIfNull(detections);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(iouThreshold);
        if (truths.Select(t => t.Class).Concat(detections.Select(d => d.Class)).Any(c => c < 0 || c >= classes))
            throw new ArgumentException($"A class lies outside 0 to {classes - 1}.", nameof(classes));
        if (detections.Any(d => double.IsNaN(d.Score)))
            throw new ArgumentException("The score of a detection is NaN; every detection needs a number.", nameof(detections));

        var truthsOf = truths.ToLookup(t => t.Class);
        var detectionsOf = detections.ToLookup(d => d.Class);
        return [.. Enumerable.Range(0, classes).Select(c => Curve(truthsOf[c], detectionsOf[c], iouThreshold, mostDetections))];
    }

    /// <summary>COCO's AP@[.5:.95] of every class: the mean of <see cref="PrecisionRecall.CocoAverage"/> over IoU thresholds.</summary>
    /// <param name="truths">The true boxes of all images.</param>
    /// <param name="detections">What the detector found on them, in any order.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="iouThresholds">Least IoUs of a right detection; null for <see cref="CocoThresholds"/>.</param>
    /// <param name="mostDetections">So many detections count on each image for each class, the best ones.</param>
    /// <returns>One value a class, NaN for a class without a true box.</returns>
    public static double[] Coco(
        IReadOnlyList<TrueBox> truths, IReadOnlyList<DetectedBox> detections, int classes, IReadOnlyList<double>? iouThresholds = null, int mostDetections = CocoDetections)
    {
        PrecisionRecall[][] curves = [.. (iouThresholds ?? CocoThresholds).Select(iou => Curves(truths, detections, classes, iou, mostDetections))];
        return [.. Enumerable.Range(0, classes).Select(c => curves.Average(ofThreshold => ofThreshold[c].CocoAverage))];
    }

    private static PrecisionRecall Curve(IEnumerable<TrueBox> truths, IEnumerable<DetectedBox> detections, double iouThreshold, int mostDetections)
    {
        var ofImage = truths.GroupBy(t => t.Image).ToDictionary(image => image.Key, image => image.ToArray());
        var isTaken = ofImage.ToDictionary(image => image.Key, image => new bool[image.Value.Length]);
        DetectedBox[] counted = [.. detections
            .GroupBy(d => d.Image)
            .OrderBy(image => image.Key)
            .SelectMany(image => image.OrderByDescending(d => d.Score).Take(mostDetections))
            .OrderByDescending(d => d.Score)];

        var isRight = new List<bool>();
        foreach (var detection in counted)
        {
            var best = ofImage.TryGetValue(detection.Image, out var there) ? BestFree(detection, there, isTaken[detection.Image], iouThreshold) : -1;
            if (best >= 0)
                isTaken[detection.Image][best] = true;
            isRight.Add(best >= 0);
        }

        return PrecisionRecall.Of(isRight, [.. counted.Select(d => d.Score)], ofImage.Values.Sum(t => t.Length));
    }

    /// <summary>The free box of largest IoU, the first of equal ones; −1 when none reaches the threshold.</summary>
    private static int BestFree(in DetectedBox detection, TrueBox[] truths, bool[] isTaken, double iouThreshold)
    {
        var (best, index) = (double.NegativeInfinity, -1);
        for (var t = 0; t < truths.Length; t++)
        {
            var iou = truths[t].Box.Iou(detection.Box);
            if (!isTaken[t] && iou >= iouThreshold && iou > best)
                (best, index) = (iou, t);
        }

        return index;
    }
}
