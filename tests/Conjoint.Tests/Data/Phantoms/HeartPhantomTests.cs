using Conjoint.Data.Phantoms;

namespace Conjoint.Tests.Data.Phantoms;

public class HeartPhantomTests
{
    private const int LeftVentricle = 1, RightVentricle = 2, LeftAtrium = 3, RightAtrium = 4, Myocardium = 5;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_heart_has_all_chambers_in_their_places_with_bright_blood(int number)
    {
        var scan = Examined.Mr(number);

        Assert.All(Enumerable.Range(1, HeartPhantom.LabelNames.Count), label => Assert.True(scan.Count(label) > 20, $"label {label}"));
        Assert.All(scan.Mask.Voxels, label => Assert.InRange(label, 0, 6));
        Assert.True(scan.MeanUnder(LeftVentricle) > 1.4 * scan.MeanUnder(Myocardium));
        Assert.True(scan.Centroid(RightAtrium).X > scan.Centroid(LeftVentricle).X, "the right atrium lies to the right");
        Assert.True(scan.Centroid(LeftAtrium).Y < scan.Centroid(RightVentricle).Y, "the left atrium is the rearmost chamber");
        Assert.True(scan.Centroid(LeftAtrium).Z > scan.Centroid(LeftVentricle).Z, "the base lies above the apex");
    }

    [Fact]
    public void Slices_are_sagittal_and_run_to_the_left()
    {
        var affine = Examined.Mr(0).Image.Affine;

        Assert.Equal("AIL", affine.AxisCodes);
        Assert.True(affine.SpacingMm(2) > 1.5 * affine.SpacingMm(0));
    }

    [Fact]
    public void Magnitudes_have_no_common_scale()
    {
        var brightest = Enumerable.Range(0, 3).Select(number => Examined.Mr(number).Image.Voxels.Max()).ToList();

        Assert.All(Enumerable.Range(0, 3), number => Assert.True(Examined.Mr(number).Image.Voxels.Min() >= 0));
        Assert.True(brightest.Max() > 1.2 * brightest.Min(), string.Join(", ", brightest));
    }
}
