using Conjoint.Data;
using Conjoint.Imaging;

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
