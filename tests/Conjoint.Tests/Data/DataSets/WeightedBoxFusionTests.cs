using Conjoint.Data;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>Weighted boxes fusion on numbers worked out by hand.</summary>
public class WeightedBoxFusionTests
{
    private static ScoredBox Box(double x1, double x2, double score, string name = "a") => new(new Box(x1, 0, x2, 10, name), score);

    [Fact]
    public void Corners_are_means_weighted_by_score_and_the_score_falls_with_missing_readers()
    {
        // Overlap of [0, 10] and [2, 10] is 0.8. Corners: (0.9·0 + 0.6·2) / 1.5 = 0.8.
        var fused = Assert.Single(WeightedBoxFusion.Fuse([Box(2, 10, 0.6), Box(0, 10, 0.9)], readers: 3));
        Assert.Equal((0.8, 10, 2), (Math.Round(fused.Box.X1, 12), fused.Box.X2, fused.Members));
        Assert.Equal(0.75 * 2 / 3, fused.Score, 12);
    }

    [Fact]
    public void A_box_is_compared_with_the_mean_so_far_and_not_with_its_members()
    {
        // [0, 10] and [4, 10] overlap by 0.6 and become [2, 10]; [7, 15] overlaps that by 3/13 and stands alone.
        var fused = WeightedBoxFusion.Fuse([Box(0, 10, 1), Box(4, 10, 1), Box(7, 15, 1)], readers: 3);
        Assert.Equal([(2.0, 10.0), (7.0, 15.0)], fused.Select(f => (f.Box.X1, f.Box.X2)));
    }

    [Fact]
    public void Other_classes_and_lesser_overlaps_stay_apart()
    {
        Assert.Equal(2, WeightedBoxFusion.Fuse([Box(0, 10, 1), Box(0, 10, 1, "b")], 2).Count);
        Assert.Equal(2, WeightedBoxFusion.Fuse([Box(0, 10, 1), Box(5, 10, 1)], 2).Count);
        Assert.Single(WeightedBoxFusion.Fuse([Box(0, 10, 1), Box(5, 10, 1)], 2, overlap: 0.4));
    }

    [Fact]
    public void More_members_than_readers_count_as_all_of_them() =>
        Assert.Equal(1, Assert.Single(WeightedBoxFusion.Fuse([Box(0, 10, 1), Box(0, 10, 1), Box(0, 10, 1)], readers: 2)).Score);

    [Fact]
    public void Overlap_is_intersection_over_union()
    {
        Assert.Equal(1.0 / 7, WeightedBoxFusion.Overlap(new Box(0, 0, 2, 2, "a"), new Box(1, 1, 3, 3, "a")), 12);
        Assert.Equal(0, WeightedBoxFusion.Overlap(new Box(0, 0, 2, 2, "a"), new Box(2, 0, 3, 3, "a")));
    }
}
