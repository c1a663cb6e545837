using System.Numerics;
using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Anatomy;
using Conjoint.Data.Phantoms.Scanners;
using Conjoint.Data.Phantoms.Solids;

namespace Conjoint.Tests.Data.Phantoms;

public class ScannerTests
{
    [Fact]
    public void Thick_slices_are_means_of_their_planes_and_labels_their_majority()
    {
        Assert.Equal([2f, 3f, 8f, 9f], Detector.ThickSlices([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], planeLength: 2, thickness: 3));

        Structure[] planes = [Structure.Spine, Structure.Spine, Structure.Spine, Structure.Aorta, Structure.None, Structure.Spine];
        Assert.Equal([Structure.Spine, Structure.Spine], Detector.ThickSlices(planes, planeLength: 2));
    }

    [Fact]
    public void Blur_spreads_a_point_and_keeps_its_sum()
    {
        var values = new float[2 * 15 * 15];
        values[7 * 15 + 7] = 1;

        Detector.BlurPlanes(values, 15, 15, sigmaPixels: 1);

        Assert.Equal(1, values.Sum(), 4);
        Assert.Equal(1 / (2 * Math.PI), values[7 * 15 + 7], 2);
        Assert.Equal(values[7 * 15 + 6], values[6 * 15 + 7]);
        Assert.All(values[(15 * 15)..], value => Assert.Equal(0, value));       // the other plane
    }

    [Fact]
    public void Noise_has_the_stated_deviation()
    {
        var noise = Detector.CorrelatedNoise(32 * 32 * 4, 32, 32, deviation: 25, RandomStream.For(3));

        Assert.Equal(25, Math.Sqrt(noise.Average(value => (double)value * value)), 2);
    }

    [Fact]
    public void Later_layers_cover_earlier_ones_edges_are_soft_and_lung_layers_stay_in_lungs()
    {
        // One row of 60 voxels of 1 mm; the body's irregularity shifts surfaces by up to 6 mm.
        var grid = new SampleGrid((60, 1, 1), Matrix4x4.Identity, Matrix4x4.Identity, bendSeed: 1);
        Layer[] layers =
        [
            new(new Ellipsoid(new(20, 0, 0), new(15)), Tissue.Lung, Structure.RightLung),
            new(new Ellipsoid(new(35, 0, 0), new(12)), Tissue.Fluid, Structure: null, OnlyInLungs: true),
            new(new Ellipsoid(new(20, 0, 0), new(4)), Tissue.SpongyBone, Structure.Spine),
        ];
        var looks = new Appearance { Seed = 1, [Tissue.Air] = new(-1000), [Tissue.Lung] = new(-800), [Tissue.Fluid] = new(0), [Tissue.SpongyBone] = new(200) };

        var painting = Painter.Paint(layers, looks, grid, TestContext.Current.CancellationToken);

        Assert.Equal(200, painting.Values.Max());
        Assert.Contains(Structure.Spine, painting.Structures);
        Assert.Contains(painting.Values.Zip(painting.Structures), voxel => voxel is (0, Structure.RightLung));
        Assert.All(painting.Values.Zip(painting.Structures), voxel => Assert.True(voxel.Second != Structure.None || voxel.First < -700));
        Assert.Contains(painting.Values, value => value is > -1000 and < -800);
        Assert.Equal(-1000, painting.Values[59]);
    }
}
