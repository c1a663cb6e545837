namespace Conjoint.Imaging.Tests;

public sealed class AffineTests
{
    /// <summary>Letters by nibabel 5.0's aff2axcodes.</summary>
    [Theory]
    [InlineData("RAS", 1, 0, 0, 0, 1, 0, 0, 0, 1)]
    [InlineData("LPS", -1, 0, 0, 0, -1, 0, 0, 0, 1)]
    [InlineData("LAS", -2, 0, 0, 0, 2, 0, 0, 0, 2.2)]
    [InlineData("PIR", 0, 0, 3, -0.5, 0, 0, 0, -0.5, 0)]
    [InlineData("ASR", 0, 0, 1, 1, 0, 0, 0, 1, 0)]
    [InlineData("RAS", 0.716502, -0.3694, 0, 0.22164, 1.19417, 0, 0, 0, 2.5)] // 17° about z
    [InlineData("PSR", -6.92059e-08, -0.00164802, 0.999999, -0.991747, 0.128206, 0.000211218, 0.128207, 0.991746, 0.00163442)]
    public void Axis_codes_are_those_of_nibabel(string codes, double a, double b, double c, double d, double e, double f, double g, double h, double i)
    {
        var affine = new Affine(new[,] { { a, b, c, 5 }, { d, e, f, -7 }, { g, h, i, 11 } });
        Assert.Equal(codes, affine.AxisCodes);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 0)] // parallel to the second axis
    [InlineData(double.NaN, 0, 1)]
    [InlineData(double.PositiveInfinity, 0, 1)]
    public void An_affine_that_does_not_span_space_has_no_codes_and_no_inverse(double x, double y, double z)
    {
        var affine = new Affine(new[,] { { 1, 1, x, 0 }, { 0, 1, y, 0 }, { 0, 0, z, 0 } });
        Assert.False(affine.IsInvertible);
        Assert.Null(affine.AxisCodes);
        Assert.Throws<InvalidOperationException>(affine.Inverse);
    }

    [Fact]
    public void An_affine_and_its_inverse_make_the_identity()
    {
        var affine = new Affine(new[,] { { 0.7, -0.4, 0.1, 10 }, { 0.2, 1.2, 0, -20 }, { 0.3, 0, 2.5, 30 } });
        var product = affine.Compose(affine.Inverse());
        for (var r = 0; r < 3; r++)
        {
            for (var c = 0; c < 4; c++)
                Assert.Equal(Affine.Identity[r, c], product[r, c], 1e-12);
        }
    }

    [Fact]
    public void A_composition_applies_the_argument_first()
    {
        var shift = new Affine(new[,] { { 1.0, 0, 0, 1 }, { 0, 1, 0, 2 }, { 0, 0, 1, 3 } });
        var stretch = Affine.FromSpacing(2, 3, 4);
        Assert.Equal((4, 9, 16), stretch.Compose(shift).Apply(1, 1, 1));
        Assert.Equal((3, 5, 7), shift.Compose(stretch).Apply(1, 1, 1));
    }

    [Fact]
    public void Spacing_is_the_length_of_a_column()
    {
        var affine = new Affine(new[,] { { 3.0, 0, 0, 0 }, { 4, 0, 1, 0 }, { 0, 2, 0, 0 } });
        Assert.Equal([5, 2, 1], Enumerable.Range(0, 3).Select(affine.SpacingMm));
    }

    [Fact]
    public void Equality_is_of_every_entry()
    {
        Assert.Equal(Affine.FromSpacing(1, 2, 3), Affine.FromSpacing(1, 2, 3));
        Assert.Equal(Affine.FromSpacing(1, 2, 3).GetHashCode(), Affine.FromSpacing(1, 2, 3).GetHashCode());
        Assert.NotEqual(Affine.FromSpacing(1, 2, 3), Affine.FromSpacing(1, 2, 4));
        Assert.Throws<ArgumentException>(() => new Affine(new double[4, 4]));
    }
}
