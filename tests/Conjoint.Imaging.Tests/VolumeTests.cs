namespace Conjoint.Imaging.Tests;

public sealed class VolumeTests
{
    [Theory]
    [InlineData(1, 1, 5, 2)]
    [InlineData(5, 1, 1, 0)]
    [InlineData(1, 5, 1, 1)]
    [InlineData(1, 1, 1, 2)]
    [InlineData(2, 2, 1, 1)]
    [InlineData(2, 1, 2, 2)]
    [InlineData(2, 1, 1.9995, 2)] // within 0.1 %
    [InlineData(2, 1, 1.99, 0)]
    public void Slices_run_along_the_largest_spacing_and_ties_go_to_the_last_axis(double x, double y, double z, int axis)
    {
        var volume = new Volume(new float[1], 1, 1, 1, Affine.FromSpacing(x, y, z));
        Assert.Equal(axis, volume.SliceAxis);
        Assert.Equal([x, y, z], volume.SpacingMm);
    }

    [Fact]
    public void The_first_axis_runs_fastest()
    {
        var volume = new Volume([0, 1, 2, 3, 4, 5], 3, 2, 1, Affine.Identity);
        Assert.Equal(5, volume[2, 1, 0]);
        Assert.Equal(1, volume[1, 0, 0]);
    }

    [Fact]
    public void Voxels_must_fill_the_grid() =>
        Assert.Throws<ArgumentException>(() => new Volume(new float[7], 2, 2, 2, Affine.Identity));
}
