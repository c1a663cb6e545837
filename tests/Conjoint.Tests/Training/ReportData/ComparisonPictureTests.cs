using Conjoint.Training.ReportData;
using SkiaSharp;

namespace Conjoint.Tests.Training.ReportData;

public sealed class ComparisonPictureTests
{
    private const int Side = 168, Gap = 8, Head = 18; // tiles, the space between them, and the line of names above

    [Fact]
    public void Each_method_has_a_column_with_its_own_mask_beside_the_truth()
    {
        int[] left = [1, 0, 1, 0], none = [0, 0, 0, 0], right = [0, 2, 0, 2];
        var slice = new ComparedSlice("case", [0, 0, 0, 0], left, [none, right], 2, 2, 1, Turned: false);
        using var picture = SKBitmap.Decode(ComparisonPicture.Draw(["one", "two"], [slice]));
        Assert.Equal(3 * (Side + Gap) + Gap, picture.Width);
        var (a, b) = (Side / 4, 3 * Side / 4); // middles of the left and right pixels
        SKColor At(int column, int x) => picture.GetPixel(Gap + column * (Side + Gap) + x, Head + Side / 4);
        Assert.True(At(0, a).Red > 40);                                        // orange where the truth is
        Assert.Equal(SKColors.Black, At(0, b));
        Assert.Equal(SKColors.Black, At(1, a));
        Assert.Equal(SKColors.Black, At(2, a));
        Assert.True(At(2, b).Blue > 40 && At(2, b).Blue > At(2, b).Red);       // class 2 is blue
    }

    [Fact]
    public void A_turned_slice_is_seen_after_half_a_turn()
    {
        var slice = new ComparedSlice("case", [0, 0, 0, 0], [1, 0, 0, 0], [], 2, 2, 1, Turned: true);
        using var picture = SKBitmap.Decode(ComparisonPicture.Draw([], [slice]));
        SKColor At(int x, int y) => picture.GetPixel(Gap + x, Head + y);
        Assert.Equal(SKColors.Black, At(Side / 4, Side / 4));
        Assert.True(At(3 * Side / 4, 3 * Side / 4).Red > 40);
    }

    [Fact]
    public void A_slice_without_a_mask_of_every_method_is_refused() =>
        Assert.Throws<ArgumentException>(() => ComparisonPicture.Draw(["one"], [new ComparedSlice("case", [0], [0], [], 1, 1, 1, Turned: false)]));
}
