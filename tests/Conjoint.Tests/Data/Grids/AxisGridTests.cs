using Conjoint.Data;
using Conjoint.Runtime;

namespace Conjoint.Tests.Data.Grids;

public sealed class AxisGridTests
{
    // 10 voxels to steps of 2.5: four voxels, whose middle is the old one: 4.5 = 0.75 + 2.5 · 1.5.
    [Theory]
    [InlineData(10, 2.5, 4, 0.75)]
    [InlineData(10, 0.5, 20, -0.25)]
    [InlineData(10, 3, 4, 0)]        // 4 · 3 covers 10
    [InlineData(5, 1, 5, 0)]
    [InlineData(1, 4, 1, 0)]         // a single slice stays one
    [InlineData(4, 10, 1, 1.5)]
    public void A_new_spacing_keeps_the_centre_and_covers_the_old_voxels(int source, double step, int size, double offset)
    {
        var grid = AxisGrid.Resampled(source, step);
        Assert.Equal((size, offset), (grid.Size, grid.Offset));
        Assert.Equal((source - 1) / 2.0, grid.Offset + grid.Step * (grid.Size - 1) / 2, 12);
    }

    [Fact]
    public void Cutting_and_filling_move_the_first_voxel()
    {
        var grid = AxisGrid.Unchanged(10);
        Assert.Equal((5, 2.0, 5), (grid.CutTo(5).Size, grid.CutTo(5).Offset, grid.CutTo(5).Filled));
        Assert.Equal((13, -1.0, 1, 10), (grid.FilledTo(13).Size, grid.FilledTo(13).Offset, grid.FilledTo(13).First, grid.FilledTo(13).Filled));
        Assert.Equal((4, 3.0), (grid.CutToSource(3, 6).Size, grid.CutToSource(3, 6).Offset));
        Assert.True(grid.CutTo(20).FilledTo(5).IsIdentity);
    }

    // Step 2 on 10: stored voxels at 0.5, 2.5, 4.5, 6.5, 8.5. Those from 2.5 to 6.5 cover 3 to 6.
    [Fact]
    public void A_box_of_the_old_voxels_is_covered_by_the_new_ones()
    {
        var grid = AxisGrid.Resampled(10, 2).CutToSource(3, 6);
        Assert.Equal((3, 2.5), (grid.Size, grid.Offset));
    }

    [Theory]
    [InlineData("1,1,2.5", "1,1,2.5")]
    [InlineData("1.5", "1.5,1.5,1.5")]
    [InlineData("iso", "iso")]
    public void Spacings_are_read_and_told(string text, string told)
    {
        Assert.Equal(told, TargetSpacing.Parse(text).ToString());
        Assert.Equal(TargetSpacing.Parse(text), TargetSpacing.Parse(told));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,2")]
    [InlineData("0,1,1")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("1e9")]
    [InlineData("Iso")]
    public void What_is_no_spacing_is_refused(string text) => Assert.Throws<ConfigurationException>(() => TargetSpacing.Parse(text));

    [Theory]
    [InlineData("1,2")]
    [InlineData("0,4,4")]
    [InlineData("1.5,4,4")]
    [InlineData("100000,100000,100000")]
    public void What_is_no_size_is_refused(string text)
    {
        Assert.Throws<ConfigurationException>(() => GridSize.Parse(text));
        Assert.Throws<ConfigurationException>(() => CropTarget.Parse(text));
    }

    [Fact]
    public void Isotropic_voxels_are_as_long_as_the_shortest_side() =>
        Assert.Equal([0.7, 0.7, 0.7], TargetSpacing.Isotropic.For([0.7, 0.9, 5]));
}
