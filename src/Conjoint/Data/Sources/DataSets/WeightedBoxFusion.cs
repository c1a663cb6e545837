namespace Conjoint.Data;

/// <summary>A box with the trust in it, above 0.</summary>
internal sealed record ScoredBox(Box Box, double Score);

/// <summary>A merged box.</summary>
/// <param name="Box">Mean of its members, weighted by their scores.</param>
/// <param name="Score">Mean score of its members, times the share of readers who drew one (at most 1).</param>
/// <param name="Members">How many boxes were merged.</param>
internal sealed record FusedBox(Box Box, double Score, int Members);

/// <summary>
/// Weighted boxes fusion (Solovyev, Wang and Gabruseva 2021, section 3): boxes of a class that overlap become one box between
/// them, instead of one being kept and the others thrown away.
/// </summary>
internal static class WeightedBoxFusion
{
    /// <summary>Intersection over union above which two boxes mean the same finding; the publication's value.</summary>
    public const double DefaultOverlap = 0.55;

    /// <param name="boxes">Of one image, of all readers or models together.</param>
    /// <param name="readers">How many readers or models looked at the image; at least 1.</param>
    /// <param name="overlap">Intersection over union from which boxes are merged.</param>
    /// <returns>Merged boxes by falling score, ties in the order of their first member.</returns>
    public static IReadOnlyList<FusedBox> Fuse(IReadOnlyList<ScoredBox> boxes, int readers, double overlap = DefaultOverlap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(readers, 1);
        var clusters = new List<(Box Mean, List<ScoredBox> Members)>();
        foreach (var box in boxes.OrderByDescending(b => b.Score))      // stable: equal scores keep their order
        {
            var (best, bestOverlap) = (-1, overlap);
            for (var i = 0; i < clusters.Count; i++)
            {
                if (clusters[i].Mean.Class == box.Box.Class && Overlap(clusters[i].Mean, box.Box) is var common && common > bestOverlap)
                    (best, bestOverlap) = (i, common);
            }

            if (best < 0)
            {
                clusters.Add((box.Box, [box]));
                continue;
            }

            clusters[best].Members.Add(box);
            clusters[best] = (Mean(clusters[best].Members), clusters[best].Members);
        }

        return [.. clusters
            .Select(c => new FusedBox(c.Mean, c.Members.Average(m => m.Score) * Math.Min(c.Members.Count, readers) / readers, c.Members.Count))
            .OrderByDescending(f => f.Score)];
    }

    /// <summary>Intersection over union of two boxes, from 0 to 1.</summary>
    public static double Overlap(Box a, Box b)
    {
        var width = Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1);
        var height = Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1);
        if (width <= 0 || height <= 0)
            return 0;
        var both = width * height;
        return both / ((a.X2 - a.X1) * (a.Y2 - a.Y1) + (b.X2 - b.X1) * (b.Y2 - b.Y1) - both);
    }

    private static Box Mean(List<ScoredBox> members)
    {
        var weight = members.Sum(m => m.Score);
        double Of(Func<Box, double> corner) => members.Sum(m => m.Score * corner(m.Box)) / weight;
        return new Box(Of(b => b.X1), Of(b => b.Y1), Of(b => b.X2), Of(b => b.Y2), members[0].Box.Class);
    }
}
