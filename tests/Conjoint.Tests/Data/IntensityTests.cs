using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Runtime;

namespace Conjoint.Tests.Data;

public sealed class IntensityTests
{
    private static readonly PrepareSettings s_settings = new();

    private static (float[] Values, Modality Modality, List<string> Warnings) Apply(float[] values, Modality? stated = null)
    {
        var (copy, warnings) = (values.ToArray(), new List<string>());
        var modality = IntensityScaling.Apply(copy, stated, s_settings, warnings);
        return (copy, modality, warnings);
    }

    [Theory]
    [InlineData(Modality.CT)]
    [InlineData(null)]
    public void Hounsfield_units_go_through_the_window(Modality? stated)
    {
        var (values, modality, warnings) = Apply([-2000, -1000, 0, 500, 3000], stated);
        Assert.Equal([0, 0, 0.5f, 0.75f, 1], values);
        Assert.Equal(Modality.CT, modality);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Hounsfield_units_go_through_percentiles_where_that_is_asked_for()
    {
        var (values, warnings) = (new float[] { -2000, -1000, 0, 500, 3000 }, new List<string>());
        Assert.Equal(Modality.CT, IntensityScaling.Apply(values, null, new PrepareSettings { Normalisation = IntensityRule.Percentile, LowPercentile = 0, HighPercentile = 100 }, warnings));
        Assert.Equal([0, 0.2f, 0.4f, 0.5f, 1], values);
        Assert.Empty(warnings);
    }

    // 0, 0, 0, 4: mean 1, std √3. Percentiles 0 and 100 cut nothing; 4 is √3 deviations above: √3/10.
    [Fact]
    public void The_released_rule_makes_ten_deviations_above_the_mean_one()
    {
        var (values, warnings) = (new float[] { 0, 0, 0, 4 }, new List<string>());
        IntensityScaling.Apply(values, Modality.MR, new PrepareSettings { Normalisation = IntensityRule.Released, LowPercentile = 0, HighPercentile = 100 }, warnings);
        Assert.Equal([0, 0, 0], values[..3]);
        Assert.Equal(Math.Sqrt(3) / 10, values[3], 1e-6);
    }

    // −4, −1, 0, 2, 5 between percentiles 12.5 and 87.5: −2.5 to 3.5, for whole numbers −2 to 3; then 3 is the largest.
    [Fact]
    public void The_released_rule_cuts_the_fractions_of_whole_numbers_percentiles()
    {
        var settings = new PrepareSettings { Normalisation = IntensityRule.Released, LowPercentile = 12.5, HighPercentile = 87.5 };
        var (whole, fractions) = (new float[] { -4, -1, 0, 2, 5 }, new float[] { -4, -1, 0, 2, 5.5f });
        IntensityScaling.Apply(whole, Modality.MR, settings, []);
        IntensityScaling.Apply(fractions, Modality.MR, settings, []);
        // −2, −1, 0, 2, 3: mean 0.4, variance 3.44. −2.5, −1, 0, 2, 3.75 (halfway from 2 to 5.5): mean 0.45, variance 4.86.
        Assert.Equal((3 - 0.4) / Math.Sqrt(3.44) / 10, whole[4], 1e-6);
        Assert.Equal((3.75 - 0.45) / Math.Sqrt(4.86) / 10, fractions[4], 1e-6);
    }

    [Theory]
    [InlineData("lung", -1350, 150)]
    [InlineData("soft-tissue", -150, 250)]
    [InlineData("bone", -500, 1300)]
    [InlineData("brain", 0, 80)]
    [InlineData("-160..240.5", -160, 240.5)]
    public void Windows_are_named_by_what_they_show_or_by_their_ends(string text, double low, double high) =>
        Assert.Equal(new HounsfieldWindow(low, high), HounsfieldWindow.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("liver")]
    [InlineData("240..-160")]
    [InlineData("1..1")]
    [InlineData("1..NaN")]
    [InlineData("1..2..3")]
    public void What_is_no_window_is_refused(string text) => Assert.Throws<ConfigurationException>(() => HounsfieldWindow.Parse(text));

    [Fact]
    public void Scaling_goes_from_a_store_to_a_card_and_back()
    {
        var scaling = new Scaling(IntensityRule.Released, -150, 250, 1, 99, TargetSpacing.Parse("1,1,2"), CropTarget.Foreground, GridSize.Parse("9,8,7"));
        var card = new WeightsCard { Preset = "tiny", Method = "swav", Stage = "slices", Input = scaling.On(InputNormalisation.Plain) };
        Assert.Equal(scaling, Scaling.Of(WeightsCard.FromJson(card.ToJson()).Input));
        var settings = scaling.Settings();
        Assert.Equal((scaling.Rule, scaling.CtLow, scaling.Spacing, scaling.Crop, scaling.Pad), (settings.Normalisation, settings.CtWindowLow, settings.Spacing, settings.Crop, settings.Pad));
        Assert.NotEqual(scaling, scaling with { Pad = null });
    }

    [Fact]
    public void A_card_that_asks_for_no_grid_there_is_is_refused() =>
        Assert.Contains("input.crop", Assert.Throws<InputDataException>(() => Scaling.Of(InputNormalisation.Plain with { Crop = "all" })).Message, StringComparison.Ordinal);

    [Fact]
    public void Neither_fractions_nor_another_modality_are_taken_for_Hounsfield_units()
    {
        Assert.Equal(Modality.Unknown, Apply([-2000.5f, -1000.3f, 0.1f, 500.7f, 3000]).Modality);
        Assert.Equal(Modality.MR, Apply([-2000, -1000, 0, 500, 3000], Modality.MR).Modality);
        // An MR in whole numbers with a few values below zero.
        Assert.Equal(Modality.Unknown, Apply([-610, .. Enumerable.Range(0, 1000).Select(i => 20f * i)]).Modality);
    }

    [Fact]
    public void A_grey_export_of_a_CT_is_scaled_by_percentiles_with_a_warning()
    {
        var (values, _, warnings) = Apply([0, 100, 200], Modality.CT);
        Assert.Equal(0.5f, values[1], 1e-3f);
        Assert.Single(warnings);
    }

    [Fact]
    public void Percentiles_agree_with_sorting()
    {
        var values = new Random(3).GetItems(Enumerable.Range(-500, 1000).Select(v => v * 0.37f).ToArray(), 4321);
        var sorted = values.Order().ToArray();
        foreach (var percentile in new[] { 0, 0.5, 37.2, 50, 99.5, 100 })
        {
            var rank = percentile / 100 * (sorted.Length - 1);
            var (low, share) = ((int)rank, rank - (int)rank);
            var expected = sorted[low] + share * (sorted[Math.Min(low + 1, sorted.Length - 1)] - sorted[low]);
            Assert.Equal(expected, OrderStatistics.Percentiles(values, percentile)[0], 1e-4);
        }
    }

    [Fact]
    public void A_constant_image_becomes_zeros_with_a_warning()
    {
        var (values, _, warnings) = Apply([7, 7, 7]);
        Assert.Equal([0, 0, 0], values);
        Assert.Contains("constant", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_shape_on_black_keeps_its_contrast()
    {
        var image = new float[10_000];
        image[5] = 255;
        Assert.Equal(1, Apply(image).Values[5]);
    }

    [Fact]
    public void Values_that_are_not_finite_become_the_least()
    {
        var (values, _, warnings) = Apply([float.NaN, 1, 3, float.PositiveInfinity, 2]);
        Assert.Equal([0, 0], [values[0], values[3]]);
        Assert.Contains("2 values", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Throws<InputDataException>(() => Apply([float.NaN, float.NaN, 1]));
    }

    [Fact]
    public void Masks_of_0_and_255_become_0_and_1()
    {
        var (labels, found) = MaskLabels.From([0, 255, 0, 255]);
        Assert.Equal([0, 1, 0, 1], labels);
        Assert.Equal([1], found);
    }

    [Fact]
    public void Masks_with_grey_edges_are_cut_in_the_middle()
    {
        float[] edges = [20, 60, 100, 127, 128, 160, 200, 230];
        var (labels, found) = MaskLabels.From([.. Enumerable.Repeat(0f, 100), .. edges, .. Enumerable.Repeat(255f, 100)]);
        Assert.Equal(104, labels.Count(l => l == 1));
        Assert.Equal([1], found);
    }

    [Fact]
    public void Labels_spread_over_the_greys_stay_labels()
    {
        var (labels, found) = MaskLabels.From([0, 85, 170, 255]);
        Assert.Equal([0, 85, 170, 255], labels);
        Assert.Equal([85, 170, 255], found);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0.5f)]
    [InlineData(70000)]
    [InlineData(float.NaN)]
    public void What_is_no_label_is_refused(float value) =>
        Assert.Throws<InputDataException>(() => MaskLabels.From([0, value, 1]));

    [Fact]
    public void A_photograph_is_no_mask() =>
        Assert.Throws<InputDataException>(() => MaskLabels.From([.. Enumerable.Range(0, 3000).Select(i => (float)i)]));
}
