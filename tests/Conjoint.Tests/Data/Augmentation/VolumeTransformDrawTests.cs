using Conjoint.Data.Augmentation;

namespace Conjoint.Tests.Data.Augmentation;

/// <summary>That parameters come from TorchIO's default ranges, and fill them.</summary>
public sealed class VolumeTransformDrawTests
{
    private const int Draws = 3000;
    private static readonly VolumeGrid Grid = new(32, 32, 32);

    [Fact]
    public void Flips_mirror_the_slice_axis_half_of_the_time()
    {
        var draws = Draw<FlipTransform>();

        Assert.All(draws, flip => Assert.False(flip.AlongX || flip.AlongY));
        Assert.Equal(Draws / 2.0, draws.Count(flip => flip.AlongZ), 5 * Math.Sqrt(Draws) / 2);
    }

    [Fact]
    public void Flipped_axes_are_a_setting()
    {
        var draws = Draw<FlipTransform>(new() { FlipAxes = [VolumeAxis.X, VolumeAxis.Y], FlipProbability = 1 });

        Assert.All(draws, flip => Assert.Equal(new FlipTransform(true, true, false), flip));
    }

    [Fact]
    public void Affine_parameters_fill_their_ranges()
    {
        var draws = Draw<AffineTransform>();

        foreach (var axis in Enum.GetValues<VolumeAxis>())
        {
            Fills(0.9, 1.1, draws.Select(affine => affine.Scales[axis]));
            Fills(-10, 10, draws.Select(affine => affine.Degrees[axis]));
        }

        Assert.All(draws, affine => Assert.Equal(AxisValues.All(0), affine.TranslationMm));
    }

    [Fact]
    public void Anisotropy_parameters_fill_their_ranges()
    {
        var draws = Draw<AnisotropyTransform>();

        Fills(1.5, 5, draws.Select(anisotropy => anisotropy.Downsampling));
        Assert.All(draws.CountBy(anisotropy => anisotropy.Axis), pair => Assert.Equal(Draws / 3.0, pair.Value, 5 * Math.Sqrt(Draws / 3.0)));
        Assert.Equal(3, draws.Select(anisotropy => anisotropy.Axis).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Anisotropy_never_turns_few_slices_into_nothing(int slices)
    {
        var grid = new VolumeGrid(6, 6, slices);
        var random = RandomStream.For(1);
        var volume = Enumerable.Repeat(1f, grid.VoxelCount).ToArray();
        for (var i = 0; i < 300; i++)
        {
            var anisotropy = VolumeTransforms.Draw(VolumeTransformKind.Anisotropy, grid, new VolumeTransformSettings(), random);

            Assert.Contains(1f, anisotropy.Apply<float>(volume, grid));
        }
    }

    [Fact]
    public void Noise_blur_and_gamma_parameters_fill_their_ranges()
    {
        var noise = Draw<NoiseTransform>();
        Fills(0, 0.25, noise.Select(draw => draw.Std));
        Assert.All(noise, draw => Assert.Equal(0, draw.Mean));
        Assert.Equal(Draws, noise.Select(draw => draw.Seed).Distinct().Count());

        var blur = Draw<BlurTransform>();
        Assert.All(Enum.GetValues<VolumeAxis>(), axis => Fills(0, 2, blur.Select(draw => draw.StdMm[axis])));

        Fills(-0.3, 0.3, Draw<GammaTransform>().Select(draw => draw.LogGamma));
    }

    [Fact]
    public void Bias_fields_have_twenty_coefficients_of_their_range()
    {
        var draws = Draw<BiasFieldTransform>();

        Assert.All(draws, draw => Assert.Equal((3, 20), (draw.Order, draw.Coefficients.Count)));
        for (var k = 0; k < 20; k++)
        {
            Fills(-0.5, 0.5, draws.Select(draw => draw.Coefficients[k]));
        }
    }

    [Fact]
    public void Two_views_are_of_two_kinds_and_every_pair_is_equally_likely()
    {
        var random = RandomStream.For(2);
        var pairs = Enumerable.Range(0, 42 * 500).Select(_ => TwoViews.Draw(Grid, new(), random)).CountBy(views => (views.First.Kind, views.Second.Kind)).ToArray();

        Assert.Equal(42, pairs.Length);
        Assert.All(pairs, pair => Assert.NotEqual(pair.Key.Item1, pair.Key.Item2));
        Assert.All(pairs, pair => Assert.Equal(500, pair.Value, 5 * Math.Sqrt(500)));
    }

    [Fact]
    public void Two_views_use_the_kinds_of_the_settings_only()
    {
        var settings = new VolumeTransformSettings { Kinds = [VolumeTransformKind.Gamma, VolumeTransformKind.Noise] };
        var views = TwoViews.Draw(Grid, settings, RandomStream.For(3));

        Assert.Equal(settings.Kinds.Order(), new[] { views.First.Kind, views.Second.Kind }.Order());
        Assert.Throws<ArgumentException>(() => TwoViews.Draw(Grid, new() { Kinds = [VolumeTransformKind.Gamma] }, RandomStream.For(3)));
    }

    [Fact]
    public void All_faults_of_settings_are_named_at_once()
    {
        Assert.Empty(new VolumeTransformSettings().Faults());

        var faults = new VolumeTransformSettings
        {
            Kinds = [VolumeTransformKind.Flip], FlipAxes = [], FlipProbability = 1.5, MinDownsampling = 3, MaxDownsampling = 2, MaxNoiseStd = double.NaN,
        }.Faults().ToArray();

        Assert.Equal(
            ["Kinds", "FlipAxes", "FlipProbability", "MaxDownsampling", "MaxNoiseStd"], faults.Select(fault => fault.Split(' ')[0]));
    }

    private static List<T> Draw<T>(VolumeTransformSettings? settings = null)
        where T : VolumeTransform
    {
        var kind = Enum.Parse<VolumeTransformKind>(typeof(T).Name[..^"Transform".Length]);
        var random = RandomStream.For(1, (int)kind);
        return [.. Enumerable.Range(0, Draws).Select(_ => (T)VolumeTransforms.Draw(kind, Grid, settings ?? new(), random))];
    }

    /// <summary>Within the range, mean in its middle, and close to both ends.</summary>
    private static void Fills(double minimum, double maximum, IEnumerable<double> draws)
    {
        var values = draws.ToArray();
        var width = maximum - minimum;
        Assert.InRange(values.Min(), minimum, minimum + 0.01 * width);
        Assert.InRange(values.Max(), maximum - 0.01 * width, maximum);
        Assert.Equal((minimum + maximum) / 2, values.Average(), 5 * width / Math.Sqrt(12.0 * values.Length));
    }
}
