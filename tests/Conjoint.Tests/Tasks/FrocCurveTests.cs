using Conjoint.Nets.Detection;
using Conjoint.Tasks.Metrics;
using FsCheck.Xunit;

namespace Conjoint.Tests.Tasks;

public sealed class FrocCurveTests
{
    private static readonly BoxCorners s_there = new(0, 0, 10, 10);
    private static readonly BoxCorners s_elsewhere = new(50, 50, 60, 60);

    // Four images with four boxes on three of them. By falling score: right, wrong, right, wrong and right (equal scores), wrong, wrong.
    // (false positives an image, sensitivity): (0, 1/4), (1/4, 1/4), (1/4, 2/4), (2/4, 3/4), (3/4, 3/4), (1, 3/4).
    private static readonly TrueBox[] s_truths = [new(0, 0, s_there), new(1, 0, s_there), new(2, 0, s_there), new(2, 0, new(20, 20, 30, 30))];

    private static readonly DetectedBox[] s_found =
    [
        new(0, 0, s_there, 0.9), new(3, 0, s_there, 0.8), new(1, 0, s_there, 0.7), new(1, 0, s_elsewhere, 0.6), new(2, 0, s_there, 0.6), new(0, 0, s_there, 0.5), new(2, 0, s_elsewhere, 0.4),
    ];

    [Fact]
    public void The_points_match_numbers_worked_by_hand()
    {
        FrocPoint[] expected = [new(0, 0), new(0, 0.25), new(0.25, 0.25), new(0.25, 0.5), new(0.5, 0.75), new(0.75, 0.75), new(1, 0.75)];
        Assert.Equal(expected, Curve(s_truths, s_found, 4).Points);
        FrocPoint[] corners = [new(0, 0), new(0, 0.25), new(0.25, 0.25), new(0.25, 0.5), new(0.5, 0.75), new(1, 0.75)];
        Assert.Equal(corners, Curve(s_truths, s_found, 4).Corners().Points);
    }

    // At 1/8 the level part of 1/4, at 1/4 the upper end of the upright, then 3/4, also beyond the last point.
    [Fact]
    public void The_competition_metric_is_the_mean_at_the_seven_rates()
    {
        var curve = Curve(s_truths, s_found, 4);
        Assert.Equal([0.25, 0.5, 0.75, 0.75, 0.75, 0.75, 0.75], FrocCurve.OperatingPoints.Select(curve.SensitivityAt));
        Assert.Equal(4.5 / 7, curve.Cpm, 12);
        Assert.Equal(0.625, curve.SensitivityAt(0.375), 12); // half-way up the slope of the equal scores
    }

    [Fact]
    public void Images_without_boxes_make_false_positives_rarer()
    {
        Assert.Equal([.. Curve(s_truths, s_found, 4).Points.Select(p => p.FalsePositives / 2)], Curve(s_truths, s_found, 8).Points.Select(p => p.FalsePositives));
        Assert.Equal(Curve(s_truths, s_found, 4).SensitivityAt(0.25), Curve(s_truths, s_found, 8).SensitivityAt(0.125));
    }

    [Fact]
    public void Without_a_true_box_there_is_no_sensitivity() => Assert.True(double.IsNaN(Curve([], s_found, 4).Cpm));

    [Fact]
    public void A_detector_that_finds_nothing_scores_nothing() => Assert.Equal(0, Curve(s_truths, [], 4).Cpm);

    /// <summary>Counted anew for each threshold: boxes found and boxes wrong, the best at a rate, and straight lines between neighbouring thresholds.</summary>
    [Property]
    public void It_is_what_counting_at_every_threshold_gives(int[] drawn, byte more)
    {
        // Each detection has an image of its own, and finds the box there or not; few scores, so that ties are many.
        (bool IsRight, double Score)[] found = [.. drawn.Select(d => (d % 3 == 0, (double)(Math.Abs((long)d) % 7)))];
        var images = found.Length + 1 + more % 5;
        TrueBox[] truths = [.. Enumerable.Range(0, images).Select(i => new TrueBox(i, 0, s_there))];
        var curve = Curve(truths, [.. found.Select((f, i) => new DetectedBox(i, 0, f.IsRight ? s_there : s_elsewhere, f.Score))], images);

        (double Rate, double Sensitivity)[] thresholds = [.. new[] { double.PositiveInfinity }.Concat(found.Select(f => f.Score).Distinct().OrderDescending())
            .Select(t => ((double)found.Count(f => f.Score >= t && !f.IsRight) / images, (double)found.Count(f => f.Score >= t && f.IsRight) / images))];
        foreach (var rate in FrocCurve.OperatingPoints.Concat(thresholds.Select(t => t.Rate)).Append(0.3))
        {
            var below = thresholds.Last(t => t.Rate <= rate);
            var above = thresholds.Where(t => t.Rate > rate).Append((Rate: double.PositiveInfinity, below.Sensitivity)).First();
            var expected = below.Sensitivity + (above.Sensitivity - below.Sensitivity) * (rate - below.Rate) / (above.Rate - below.Rate);
            Assert.Equal(expected, curve.SensitivityAt(rate), 12);
            Assert.Equal(expected, curve.Corners().SensitivityAt(rate), 12);
        }
    }

    private static FrocCurve Curve(TrueBox[] truths, DetectedBox[] found, int images) => FrocCurve.Of(AveragePrecision.Curves(truths, found, 1, 0.5)[0], images);
}
