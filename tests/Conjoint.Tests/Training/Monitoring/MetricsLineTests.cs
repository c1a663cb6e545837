using System.Globalization;
using Conjoint.Training.Monitoring;

namespace Conjoint.Tests.Training.Monitoring;

public sealed class MetricsLineTests
{
    [Fact]
    public void Values_stand_in_the_order_in_which_they_were_added() =>
        Assert.Equal(
            """{"stage":"slices","epoch":0,"step":12,"loss":2.5,"split":"val","summary":true}""",
            new MetricsLine("slices").Add("epoch", 0).Add("step", 12).Add("loss", 2.5).Add("split", "val").Add("summary", true).ToJson());

    [Fact]
    public void Numbers_that_JSON_lacks_are_null_and_named_at_the_end() =>
        Assert.Equal(
            """{"stage":"slices","loss":null,"lr":0.1,"grad_norm":null,"non_finite":["loss","grad_norm"]}""",
            new MetricsLine("slices").Add("loss", double.NaN).Add("lr", 0.1).Add("grad_norm", double.NegativeInfinity).ToJson());

    [Fact]
    public void Non_finite_numbers_read_back_as_NaN()
    {
        Assert.True(MetricsLine.TryParse(new MetricsLine("slices").Add("loss", double.PositiveInfinity).ToJson(), out var line));
        Assert.Equal(double.NaN, line.Number("loss"));
        Assert.Equal(["loss"], line.NonFinite);
        Assert.Null(line.Number("lr"));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1e-300)]
    [InlineData(3.0)]
    [InlineData(0.3333333432674408)]
    [InlineData(-123456789.987654321)]
    public void Numbers_read_back_to_the_same_bits(double value)
    {
        Assert.True(MetricsLine.TryParse(new MetricsLine("s").Add("x", value).ToJson(), out var line));
        Assert.Equal(value, line.Number("x"));
    }

    [Fact]
    public void Numbers_are_written_alike_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("", useUserOverride: false) { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Equal("""{"stage":"s","x":1.5}""", new MetricsLine("s").Add("x", 1.5).ToJson());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("Loss")]
    [InlineData("loss-rate")]
    [InlineData("")]
    [InlineData("_x")]
    [InlineData("non_finite")]
    [InlineData("stage")]
    public void Names_that_are_not_snake_case_or_taken_are_refused(string key) =>
        Assert.Throws<ArgumentException>(() => new MetricsLine("s").Add(key, 1.0));

    [Theory]
    [InlineData("")]
    [InlineData("{\"stage\":\"s\"")]
    [InlineData("[1]")]
    [InlineData("nonsense")]
    public void Anything_but_an_object_is_no_line(string json) => Assert.False(MetricsLine.TryParse(json, out _));

    [Fact]
    public void Nested_values_of_other_programs_are_passed_over()
    {
        Assert.True(MetricsLine.TryParse("""{"stage":"s","extra":{"a":[1]},"x":2}""", out var line));
        Assert.Equal(["stage", "x"], line.Values.Select(pair => pair.Key));
    }
}
