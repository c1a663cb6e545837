namespace Conjoint.Nets.Detection;

/// <summary>Decides which true box, if any, an anchor or a proposal should learn.</summary>
/// <remarks>Source: Ren et al., "Faster R-CNN" (2015), section 3.1.2; as torchvision, where a true box that meets no anchor would claim all of them.</remarks>
public sealed record AnchorMatcher
{
    /// <summary>In a match: background, the best IoU is below <see cref="Low"/>.</summary>
    public const int Background = -1;

    /// <summary>In a match: neither, the best IoU lies between <see cref="Low"/> and <see cref="High"/>; such an anchor counts for nothing.</summary>
    public const int Between = -2;

    /// <summary>From this IoU on an anchor belongs to its best true box.</summary>
    public double High { get; init; } = 0.7;

    /// <summary>Below this IoU an anchor is background; at most <see cref="High"/>.</summary>
    public double Low { get; init; } = 0.3;

    /// <summary>Whether the anchors that come nearest to some true box learn too, however little they overlap: each its own best box.</summary>
    public bool AllowsLowQuality { get; init; } = true;

    /// <summary>Matches every anchor.</summary>
    /// <param name="anchors">Anchors or proposals.</param>
    /// <param name="truths">The true boxes of the same image; may be empty, then everything is background.</param>
    /// <returns>For each anchor the index of its true box, the first of equally good ones, or <see cref="Background"/> or <see cref="Between"/>.</returns>
    public int[] Match(ReadOnlySpan<BoxCorners> anchors, ReadOnlySpan<BoxCorners> truths)
    {
        var matches = new int[anchors.Length];
        if (truths.IsEmpty)
        {
            Array.Fill(matches, Background);
            return matches;
        }

        var bestOfTruth = BestOfEachTruth(anchors, truths);
        for (var a = 0; a < anchors.Length; a++)
        {
            var (best, index, isNearest) = (double.NegativeInfinity, 0, false);
            for (var t = 0; t < truths.Length; t++)
            {
                var iou = truths[t].Iou(anchors[a]);
                isNearest |= iou > 0 && iou == bestOfTruth[t];
                if (iou > best)
                    (best, index) = (iou, t);
            }

            matches[a] = best >= High || (AllowsLowQuality && isNearest) ? index
                : best >= Low ? Between
                : Background;
        }

        return matches;
    }

    /// <summary>The largest IoU that any anchor has with each true box.</summary>
    internal static double[] BestOfEachTruth(ReadOnlySpan<BoxCorners> anchors, ReadOnlySpan<BoxCorners> truths)
    {
        var best = new double[truths.Length];
        for (var t = 0; t < truths.Length; t++)
        {
            foreach (var anchor in anchors)
                best[t] = Math.Max(best[t], truths[t].Iou(anchor));
        }

        return best;
    }
}
