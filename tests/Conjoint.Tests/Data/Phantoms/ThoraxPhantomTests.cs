using Conjoint.Data.Phantoms;

namespace Conjoint.Tests.Data.Phantoms;

public class ThoraxPhantomTests
{
    private const int RightLung = 1, LeftLung = 2, Heart = 3, Spine = 4, Nodule = 5;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_chest_has_all_structures_at_plausible_hounsfield_units_sizes_and_places(int number)
    {
        var scan = Examined.Ct(number);

        Assert.All(Enumerable.Range(1, ThoraxPhantom.LabelNames.Count), label => Assert.True(scan.Count(label) > 5, $"label {label}"));
        Assert.All(scan.Mask.Voxels, label => Assert.InRange(label, 0, 5));
        Assert.InRange(scan.MeanUnder(RightLung), -950, -550);
        Assert.InRange(scan.MeanUnder(LeftLung), -950, -550);
        Assert.InRange(scan.MeanUnder(Heart), 0, 350);
        Assert.InRange(scan.MeanUnder(Spine), 100, 700);
        Assert.InRange(scan.MeanUnder(Nodule), -700, 500);

        var millilitres = scan.VoxelMillilitres();
        Assert.InRange((scan.Count(RightLung) + scan.Count(LeftLung)) * millilitres, 1500, 8000);
        Assert.InRange(scan.Count(Heart) * millilitres, 200, 1300);

        Assert.True(scan.Centroid(RightLung).X > scan.Centroid(Heart).X, "the right lung lies to the right of the heart");
        Assert.True(scan.Centroid(LeftLung).X < scan.Centroid(Heart).X, "the left lung lies to the left of the heart");
        Assert.True(scan.Centroid(Spine).Y < scan.Centroid(Heart).Y, "the spine lies behind the heart");
    }

    [Fact]
    public void Scans_are_stored_as_scanners_do_with_thick_axial_slices()
    {
        var scan = Examined.Ct(0);

        Assert.Equal("LPS", scan.Image.Affine.AxisCodes);
        Assert.True(scan.Image.Affine.SpacingMm(2) > 1.3 * scan.Image.Affine.SpacingMm(0));
        Assert.Equal(scan.Image.Affine, scan.Mask.Affine);
    }

    [Fact]
    public void Subjects_differ_in_grid_organs_and_contrast()
    {
        var scans = Enumerable.Range(0, 4).Select(Examined.Ct).ToList();

        Assert.Equal(4, scans.Select(scan => Math.Round(scan.Image.Affine.SpacingMm(0), 3)).Distinct().Count());
        var lungs = scans.Select(scan => (scan.Count(RightLung) + scan.Count(LeftLung)) * scan.VoxelMillilitres()).ToList();
        Assert.True(lungs.Max() > 1.15 * lungs.Min(), string.Join(", ", lungs));
        var spines = scans.Select(scan => scan.MeanUnder(Spine)).ToList();
        Assert.True(spines.Max() > 15 + spines.Min(), string.Join(", ", spines));
    }

    /// <summary>
    /// The demo's task must need shape and context. Each of 64 bins of Hounsfield units gets the label that is most frequent in it
    /// on three training subjects, with the background weighed down to a tenth lest it win every bin.
    /// </summary>
    [Fact]
    public void Intensity_alone_does_not_segment()
    {
        static int Bin(float hounsfield) => (int)Math.Clamp((hounsfield + 1024) / 32, 0, 63);
        var counts = new double[64, 6];
        foreach (var scan in Enumerable.Range(0, 3).Select(Examined.Ct))
        {
            for (var i = 0; i < scan.Image.Voxels.Length; i++)
                counts[Bin(scan.Image.Voxels[i]), (int)scan.Mask.Voxels[i]] += scan.Mask.Voxels[i] == 0 ? 0.1 : 1;
        }

        var labelOf = Enumerable.Range(0, 64).Select(bin => Enumerable.Range(0, 6).MaxBy(label => counts[bin, label])).ToArray();
        var test = Examined.Ct(3);
        var predicted = Array.ConvertAll(test.Image.Voxels, value => labelOf[Bin(value)]);

        var meanDice = Enumerable.Range(1, 5).Average(label =>
        {
            var overlap = predicted.Where((value, i) => value == label && test.Mask.Voxels[i] == label).Count();
            return 2.0 * overlap / (predicted.Count(value => value == label) + test.Count(label));
        });
        Assert.InRange(meanDice, 0.02, 0.4);
    }
}
