using Conjoint.Data.Augmentation;
using Conjoint.Nets.Detection;

namespace Conjoint.Tasks.Detection;

/// <summary>Anchors or regions drawn for a step, so that the background, which is nearly everything, doesn't drown the rest.</summary>
/// <param name="Positives">Indices of those that belong to a true box.</param>
/// <param name="Negatives">Indices of background.</param>
internal sealed record BalancedSample(int[] Positives, int[] Negatives)
{
    /// <summary>Draws without repetition: positives up to their share, background for what is left.</summary>
    /// <param name="matches">What <see cref="AnchorMatcher"/> said.</param>
    /// <param name="count">How many to draw.</param>
    /// <param name="positiveShare">At most this share of them positive.</param>
    /// <param name="random">Where chance comes from.</param>
    public static BalancedSample Draw(IReadOnlyList<int> matches, int count, double positiveShare, RandomStream random)
    {
        var all = Enumerable.Range(0, matches.Count);
        var positives = Some([.. all.Where(i => matches[i] >= 0)], (int)(count * positiveShare), random);
        return new BalancedSample(positives, Some([.. all.Where(i => matches[i] == AnchorMatcher.Background)], count - positives.Length, random));
    }

    private static int[] Some(int[] indices, int count, RandomStream random)
    {
        random.Shuffle(indices.AsSpan());
        return indices.Length <= count ? indices : indices[..count];
    }
}
