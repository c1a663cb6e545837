using Conjoint.Data;

namespace Conjoint.Tests.Data;

public sealed class ReleasedPreparationTests
{
    // −1, 0, 0, 1: mean 0, std √½. 1 is √2 deviations above: √2/10 of the range, 36 of 255.
    [Fact]
    public void Ten_standard_deviations_above_the_mean_are_white()
    {
        var intensity = ReleasedIntensity.Of([-1, 0, 0, 1], areWhole: false, 0, 100);
        Assert.Equal(new ReleasedIntensity(-1, 1, 0, Math.Sqrt(0.5)), intensity);
        Assert.Equal(Math.Sqrt(2) / 10, intensity.Scale(1), 12);
        Assert.Equal(Math.Sqrt(2) / 10, intensity.Scale(50), 12);
        Assert.Equal(0, intensity.Scale(-1));
        Assert.Equal(36, intensity.ToByte(1));
    }

    [Fact]
    public void Whole_numbers_lose_the_percentiles_fractions()
    {
        // Percentiles 12.5 and 87.5 of −4, 0, ..., 4 lie halfway between ranks.
        float[] values = [-4, -1, 0, 2, 5];
        Assert.Equal((-2.5, 3.5), Bounds(ReleasedIntensity.Of(values, areWhole: false, 12.5, 87.5)));
        Assert.Equal((-2.0, 3.0), Bounds(ReleasedIntensity.Of(values, areWhole: true, 12.5, 87.5)));
    }

    [Fact]
    public void A_constant_volume_is_black()
    {
        var intensity = ReleasedIntensity.Of([7, 7], areWhole: true);
        Assert.Equal(0, intensity.Scale(7));
        Assert.Throws<ArgumentException>(() => ReleasedIntensity.Of([], areWhole: true));
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(205, 30, 1, 1)]
    [InlineData(850, 210, 7, 1)]
    [InlineData(421, 165, 0, 1)]
    [InlineData(256, 0, 0, 0)]
    public void Labels_become_grey_values_and_classes(int label, byte grey, int structure, int whole)
    {
        Assert.Equal(grey, ReleasedHeartLabels.ToGrey(label));
        Assert.Equal(structure, ReleasedHeartLabels.ClassOf(grey, keepsStructures: true));
        Assert.Equal(whole, ReleasedHeartLabels.ClassOf(grey, keepsStructures: false));
    }

    // 2×3 to 4×2: rows 0, 0, 1, 1; columns ⌊0.75⌋ = 0 and ⌊2.25⌋ = 2.
    [Fact]
    public void Resizing_takes_the_nearest_pixel()
    {
        Assert.Equal([1, 3, 1, 3, 4, 6, 4, 6], NearestResize.Apply<int>([1, 2, 3, 4, 5, 6], 2, 3, 4, 2));
        Assert.Equal([1, 2, 3], NearestResize.Apply<int>([1, 2, 3], 1, 3, 1, 3));
        Assert.Throws<ArgumentException>(() => NearestResize.Apply<int>([1, 2, 3], 2, 2, 1, 1));
    }

    private static (double, double) Bounds(ReleasedIntensity intensity) => (intensity.Low, intensity.High);
}
