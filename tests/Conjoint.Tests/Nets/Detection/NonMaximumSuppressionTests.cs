using Conjoint.Nets.Detection;
using FsCheck.Xunit;

namespace Conjoint.Tests.Nets.Detection;

public sealed class NonMaximumSuppressionTests
{
    // A and B overlap by 80/120 = 2/3, B and C by 80/120, A and C by 60/140 = 3/7: B goes for A, so that C may stay.
    private static readonly BoxCorners[] s_boxes = [new(0, 0, 10, 10), new(2, 0, 12, 10), new(4, 0, 14, 10)];

    [Fact]
    public void What_a_better_box_covers_goes_and_covers_nothing() =>
        Assert.Equal([0, 2], NonMaximumSuppression.Keep(s_boxes, [0.9, 0.8, 0.7], 0.5));

    [Fact]
    public void The_best_score_comes_first() => Assert.Equal([2, 0], NonMaximumSuppression.Keep(s_boxes, [0.7, 0.8, 0.9], 0.5));

    [Fact]
    public void An_overlap_of_exactly_the_threshold_stays()
    {
        BoxCorners[] halves = [new(0, 0, 10, 10), new(0, 0, 10, 5)];
        Assert.Equal([0, 1], NonMaximumSuppression.Keep(halves, [1, 0], 0.5));
        Assert.Equal([0], NonMaximumSuppression.Keep(halves, [1, 0], 0.49));
    }

    [Fact]
    public void Of_equal_scores_the_first_stays() => Assert.Equal([0, 2], NonMaximumSuppression.Keep(s_boxes, [0.5, 0.5, 0.5], 0.5));

    [Fact]
    public void Classes_do_not_meet() =>
        Assert.Equal([1, 0, 2], NonMaximumSuppression.KeepByClass(s_boxes, [0.8, 0.9, 0.7], [0, 1, 0], 0.5));

    [Fact]
    public void What_is_not_finite_is_dropped()
    {
        BoxCorners[] boxes = [new(0, 0, 1, 1), new(0, 0, double.NaN, 1), new(5, 5, 6, 6)];
        Assert.Equal([2], NonMaximumSuppression.Keep(boxes, [double.NaN, 1, 0.5], 0.5));
        Assert.Throws<ArgumentException>(() => NonMaximumSuppression.Keep(boxes, [1], 0.5));
    }

    [Property]
    public void Those_that_stay_do_not_cover_one_another_and_cover_all_others(int seed, byte count)
    {
        var random = new Random(seed);
        var boxes = Enumerable.Range(0, count % 40).Select(_ => Draw(random)).ToArray();
        var scores = boxes.Select(_ => random.Next(5) / 4.0).ToArray();
        var classes = boxes.Select(_ => random.Next(2)).ToArray();
        var kept = NonMaximumSuppression.KeepByClass(boxes, scores, classes, 0.3);

        bool Covers(int a, int b) => classes[a] == classes[b] && boxes[a].Iou(boxes[b]) > 0.3;
        Assert.DoesNotContain(kept, a => kept.Any(b => a != b && Covers(a, b)));
        Assert.All(Enumerable.Range(0, boxes.Length).Except(kept), gone => Assert.Contains(kept, k => Covers(k, gone) && scores[k] >= scores[gone]));
        Assert.Equal(kept.OrderByDescending(k => scores[k]).ThenBy(k => k), kept);
    }

    private static BoxCorners Draw(Random random)
    {
        var (x, y) = (random.Next(30), random.Next(30));
        return new BoxCorners(x, y, x + 1 + random.Next(20), y + 1 + random.Next(20));
    }
}
