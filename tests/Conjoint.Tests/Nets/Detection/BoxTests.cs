using Conjoint.Nets.Detection;
using FsCheck.Xunit;
using static TorchSharp.torch;

namespace Conjoint.Tests.Nets.Detection;

public sealed class BoxTests
{
    // 4×2 and 2×4 share 2×2: 4/(8+8−4) = 1/3; the box around both is 4×4: 1/3 − 4/16.
    [Fact]
    public void Overlaps_match_numbers_worked_by_hand()
    {
        var (wide, high) = (new BoxCorners(0, 0, 4, 2), new BoxCorners(0, 0, 2, 4));
        Assert.Equal(1.0 / 3, wide.Iou(high), 12);
        Assert.Equal(1.0 / 3 - 0.25, wide.GeneralisedIou(high), 12);
        // Apart: nothing shared; the box around is 10×2, of which 8 + 4 are filled.
        Assert.Equal(0, wide.Iou(new BoxCorners(8, 0, 10, 2)));
        Assert.Equal(-8.0 / 20, wide.GeneralisedIou(new BoxCorners(8, 0, 10, 2)), 12);
        Assert.Equal(0, wide.Iou(new BoxCorners(4, 0, 6, 2)));
    }

    [Fact]
    public void Clipping_keeps_the_part_on_the_image()
    {
        Assert.Equal(new BoxCorners(0, 1, 5, 3), new BoxCorners(-2, 1, 9, 3).ClipTo(4, 5));
        Assert.Equal(0, new BoxCorners(7, 1, 9, 3).ClipTo(4, 5).Area);
    }

    [Fact]
    public void Tensors_hold_boxes_row_by_row()
    {
        using var scope = NewDisposeScope();
        BoxCorners[] boxes = [new(1, 2, 3, 4), new(5, 6, 7, 8)];
        Assert.Equal(boxes, BoxCorners.FromTensor(BoxCorners.ToTensor(boxes).to(ScalarType.Float32)));
        Assert.Empty(BoxCorners.FromTensor(BoxCorners.ToTensor([])));
        Assert.Throws<ArgumentException>(() => BoxCorners.FromTensor(zeros(4)));
    }

    [Property]
    public void Decoding_undoes_encoding(byte x, byte y, byte width, byte height, byte shift)
    {
        var coding = new BoxCoding { Weights = new BoxDelta(10, 10, 5, 5) };
        var truth = new BoxCorners(x, y, x + 1 + width, y + 1 + height);
        var proposal = new BoxCorners(shift, 3, shift + 20, 30);
        var back = coding.Decode(coding.Encode(truth, proposal), proposal);
        Assert.Equal(truth.X1, back.X1, 9);
        Assert.Equal(truth.Y1, back.Y1, 9);
        Assert.Equal(truth.X2, back.X2, 9);
        Assert.Equal(truth.Y2, back.Y2, 9);
    }

    // Centre 5 → 7 is two tenths of the width, twice the height is ln 2; weights 10 and 5.
    [Fact]
    public void Codes_match_numbers_worked_by_hand()
    {
        var delta = new BoxCoding { Weights = new BoxDelta(10, 10, 5, 5) }.Encode(new BoxCorners(2, -5, 12, 15), new BoxCorners(0, 0, 10, 10));
        Assert.Equal(2, delta.X, 12);
        Assert.Equal(0, delta.Y, 12);
        Assert.Equal(0, delta.Width, 12);
        Assert.Equal(5 * Math.Log(2), delta.Height, 12);
    }

    [Fact]
    public void A_size_that_would_explode_is_clipped()
    {
        var box = new BoxCoding().Decode(new BoxDelta(0, 0, 100, 0), new BoxCorners(0, 0, 16, 16));
        Assert.Equal(1000, box.Width, 9);
        Assert.Equal(16, box.Height, 9);
    }

    // 32 at ratio 2: height 45.25, width 22.63, halves 22.6 and 11.3 → 23 and 11.
    [Fact]
    public void Anchors_are_rounded_and_laid_out_cell_by_cell()
    {
        var generator = new AnchorGenerator { Sizes = [[32, 3]], AspectRatios = [1, 2] };
        Assert.Equal([new(-16, -16, 16, 16), new(-2, -2, 2, 2), new(-11, -23, 11, 23), new(-1, -2, 1, 2)], generator.OfCell(0));

        var anchors = generator.OfLevel(0, (20, 30), (2, 3));
        Assert.Equal(24, anchors.Length);
        Assert.Equal(new BoxCorners(-16, -16, 16, 16).Shift(10, 0), anchors[4]);
        Assert.Equal(new BoxCorners(-1, -2, 1, 2).Shift(20, 10), anchors[^1]);
    }

    [Fact]
    public void Anchors_are_matched_by_overlap()
    {
        BoxCorners[] truths = [new(0, 0, 10, 10), new(100, 100, 110, 110)];
        BoxCorners[] anchors =
        [
            new(0, 0, 10, 9),        // IoU 0.9 with the first
            new(0, 0, 10, 5),        // 0.5: between
            new(0, 0, 10, 2),        // 0.2: background
            new(100, 100, 110, 104), // 0.4, but the best that the second has
            new(50, 50, 60, 60),     // nothing
        ];
        Assert.Equal([0, AnchorMatcher.Between, AnchorMatcher.Background, 1, AnchorMatcher.Background], new AnchorMatcher().Match(anchors, truths));
        Assert.Equal(AnchorMatcher.Between, new AnchorMatcher { AllowsLowQuality = false }.Match(anchors, truths)[3]);
        Assert.All(new AnchorMatcher().Match(anchors, []), m => Assert.Equal(AnchorMatcher.Background, m));
    }

    // A true box too small to overlap any anchor would make every anchor without overlap its nearest.
    [Fact]
    public void A_truth_that_no_anchor_meets_claims_none()
    {
        var matches = new AnchorMatcher().Match([new(0, 0, 10, 10), new(20, 0, 30, 10)], [new(50, 50, 60, 60)]);
        Assert.Equal([AnchorMatcher.Background, AnchorMatcher.Background], matches);
    }
}
