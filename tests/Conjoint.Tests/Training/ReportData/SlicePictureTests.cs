using Conjoint.Training.ReportData;
using SkiaSharp;

namespace Conjoint.Tests.Training.ReportData;

public sealed class SlicePictureTests
{
    [Theory]
    [InlineData(4, 8, 1.0, 64, 32)]
    [InlineData(8, 4, 1.0, 32, 64)]
    [InlineData(4, 8, 4.0, 32, 64)]
    [InlineData(1, 1, 1.0, 64, 64)]
    public void The_picture_has_the_shape_of_the_anatomy(int height, int width, double aspect, int wide, int high)
    {
        using var picture = SKBitmap.Decode(SlicePicture.Grey(new float[height * width], height, width, 64, aspect));
        Assert.Equal((wide, high), (picture.Width, picture.Height));
    }

    [Fact]
    public void Values_outside_of_0_to_1_are_clipped_and_NaN_is_black()
    {
        using var picture = SKBitmap.Decode(SlicePicture.Grey([-5, 7, float.NaN, 0.5f], 1, 4, 4));
        Assert.Equal([0, 255, 0, 128], Enumerable.Range(0, 4).Select(x => (int)picture.GetPixel(x, 0).Red));
    }

    [Fact]
    public void Prediction_is_an_area_and_truth_an_outline()
    {
        int[] mask = [0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0];
        using var predicted = SKBitmap.Decode(SlicePicture.WithMasks(new float[16], [], mask, 4, 4, 64));
        using var truth = SKBitmap.Decode(SlicePicture.WithMasks(new float[16], mask, [], 4, 4, 64));

        Assert.NotEqual(SKColors.Black, predicted.GetPixel(32, 32)); // the middle of the mask
        Assert.Equal(SKColors.Black, truth.GetPixel(32, 32));
        Assert.NotEqual(SKColors.Black, truth.GetPixel(16, 32));     // its left edge
        Assert.Equal(SKColors.Black, predicted.GetPixel(4, 4));      // the background
        Assert.Equal(SKColors.Black, truth.GetPixel(4, 4));
    }

    [Fact]
    public void Classes_have_their_own_colours()
    {
        using var picture = SKBitmap.Decode(SlicePicture.WithMasks(new float[2], [], [1, 2], 1, 2, 32));
        Assert.NotEqual(picture.GetPixel(8, 8), picture.GetPixel(24, 8));
        Assert.Equal(SlicePicture.ClassColour(1), SlicePicture.ClassColour(1 + SlicePicture.ClassColours.Count));
    }

    [Fact]
    public void Masks_and_sizes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SlicePicture.WithMasks(new float[4], new int[3], [], 2, 2));
        Assert.ThrowsAny<ArgumentException>(() => SlicePicture.Grey(new float[4], 2, 3));
        Assert.ThrowsAny<ArgumentException>(() => SlicePicture.Grey(new float[4], 2, 2, aspect: double.NaN));
    }
}
