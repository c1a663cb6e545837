using Conjoint.Nets.Detection;
using Conjoint.Tasks.Metrics;
using FsCheck.Xunit;

namespace Conjoint.Tests.Tasks;

public sealed class AveragePrecisionTests
{
    private static readonly BoxCorners s_there = new(0, 0, 10, 10);
    private static readonly BoxCorners s_half = new(0, 0, 10, 5);      // IoU 0.5 with it
    private static readonly BoxCorners s_elsewhere = new(50, 50, 60, 60);

    // Two true boxes; right, wrong, right: precision 1, 1/2, 2/3 at recall 1/2, 1/2, 1. Envelope 1 then 2/3.
    // All points: 1/2·1 + 1/2·2/3 = 5/6. COCO: recalls 0 to 0.50 (51 of them) 1, the other 50 2/3.
    [Fact]
    public void Both_averages_match_numbers_worked_by_hand()
    {
        TrueBox[] truths = [new(0, 0, s_there), new(1, 0, s_there)];
        DetectedBox[] detections = [new(1, 0, s_there, 0.3), new(0, 0, s_elsewhere, 0.5), new(0, 0, s_there, 0.9)];
        var curve = AveragePrecision.Curves(truths, detections, 1, 0.5)[0];
        Assert.Equal([0.5, 0.5, 1.0], curve.Recalls);
        Assert.Equal([1.0, 0.5, 2.0 / 3], curve.Precisions);
        Assert.Equal([0.9, 0.5, 0.3], curve.Scores);
        Assert.Equal([(0, 1), (0.5, 1), (0.5, 2.0 / 3), (1, 2.0 / 3)], curve.Envelope);
        Assert.Equal(5.0 / 6, curve.AllPointAverage, 12);
        Assert.Equal((51 + 50 * 2.0 / 3) / 101, curve.CocoAverage, 12);
    }

    [Property]
    public void The_average_is_the_area_under_the_envelope(bool[] isRight, byte missed)
    {
        // Each detection has an image of its own; some more boxes are never found.
        DetectedBox[] detections = [.. isRight.Select((right, i) => new DetectedBox(i, 0, right ? s_there : s_elsewhere, -i))];
        TrueBox[] truths = [.. Enumerable.Range(0, isRight.Length + missed % 4 + 1).Select(i => new TrueBox(i, 0, s_there))];
        var curve = AveragePrecision.Curves(truths, detections, 1, 0.5)[0];
        var trapezia = curve.Envelope.Zip(curve.Envelope.Skip(1), (a, b) => (b.Recall - a.Recall) * (a.Precision + b.Precision) / 2).Sum();
        Assert.Equal(curve.AllPointAverage, trapezia, 12);
        Assert.All(curve.Envelope.Zip(curve.Envelope.Skip(1)), pair => Assert.True(pair.First.Recall == pair.Second.Recall ? pair.First.Precision > pair.Second.Precision : pair.First.Precision == pair.Second.Precision));
    }

    [Fact]
    public void A_truth_is_found_once_and_by_the_better_score()
    {
        DetectedBox[] detections = [new(0, 0, s_there, 0.5), new(0, 0, s_half, 0.9)];
        Assert.Equal([1.0, 0.5], AveragePrecision.Curves([new(0, 0, s_there)], detections, 1, 0.5)[0].Precisions);
        Assert.Equal([0.0, 0.5], AveragePrecision.Curves([new(0, 0, s_there)], detections, 1, 0.6)[0].Precisions);
    }

    [Fact]
    public void A_detection_takes_the_free_truth_of_largest_overlap()
    {
        TrueBox[] truths = [new(0, 0, s_half), new(0, 0, s_there)];
        DetectedBox[] detections = [new(0, 0, s_there, 0.9), new(0, 0, s_there, 0.8), new(0, 0, s_there, 0.7)];
        Assert.Equal([1.0, 1.0, 2.0 / 3], AveragePrecision.Curves(truths, detections, 1, 0.5)[0].Precisions);
    }

    [Fact]
    public void Images_and_classes_do_not_mix()
    {
        TrueBox[] truths = [new(0, 0, s_there)];
        Assert.Equal(0, AveragePrecision.Curves(truths, [new(1, 0, s_there, 1)], 2, 0.5)[0].AllPointAverage);
        var curves = AveragePrecision.Curves(truths, [new(0, 1, s_there, 1)], 2, 0.5);
        Assert.Equal(0, curves[0].AllPointAverage);
        Assert.True(double.IsNaN(curves[1].AllPointAverage) && double.IsNaN(curves[1].CocoAverage));
    }

    [Fact]
    public void Only_the_best_detections_of_an_image_and_class_count()
    {
        // A hundred better false ones stand before the right one, of which 99 are on another image.
        TrueBox[] truths = [new(0, 0, s_there)];
        DetectedBox[] crowd = [.. Enumerable.Range(0, 100).Select(i => new DetectedBox(i == 0 ? 0 : 1, 0, s_elsewhere, 1)), new(0, 0, s_there, 0.5)];
        Assert.Equal(1.0 / 101, AveragePrecision.Curves(truths, crowd, 1, 0.5)[0].AllPointAverage, 12);
        Assert.Equal(0, AveragePrecision.Curves(truths, crowd, 1, 0.5, mostDetections: 1)[0].AllPointAverage);
        Assert.Equal(1, AveragePrecision.Curves(truths, [.. crowd.Skip(1)], 1, 0.5, mostDetections: 1)[0].Recalls[^1]);
    }

    // An IoU of 0.5 counts at the first threshold only: one of ten.
    [Fact]
    public void Coco_averages_over_the_thresholds()
    {
        TrueBox[] truths = [new(0, 0, s_there)];
        Assert.Equal(0.1, AveragePrecision.Coco(truths, [new(0, 0, s_half, 1)], 1)[0], 12);
        Assert.Equal(1, AveragePrecision.Coco(truths, [new(0, 0, s_there, 1)], 1)[0], 12);
        Assert.True(double.IsNaN(AveragePrecision.Coco([], [], 1)[0]));
    }

    [Fact]
    public void Unknown_classes_and_scores_without_order_are_refused()
    {
        Assert.Throws<ArgumentException>(() => AveragePrecision.Curves([new(0, 1, s_there)], [], 1, 0.5));
        Assert.Throws<ArgumentException>(() => AveragePrecision.Curves([], [new(0, 0, s_there, double.NaN)], 1, 0.5));
    }
}
