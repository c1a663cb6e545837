using Conjoint.Runtime;
using Conjoint.Training.Clustering;
using Conjoint.Training.Settings;

namespace Conjoint.Tests.Training.Clustering;

public class PrototypeCountsTests
{
    [Fact]
    public void What_is_asked_for_is_given_up_to_one_a_sample()
    {
        Assert.Equal([64, 32], PrototypeCounts.For("slices", new PrototypeSettings { Counts = [64, 32] }, 64));
        var error = Assert.Throws<ConfigurationException>(() => PrototypeCounts.For("slices", new PrototypeSettings { Counts = [64, 32] }, 63));
        Assert.Equal(
            "slices.prototypes.counts: 64 prototypes for 63 samples; expected at most as many as there are samples. "
            + "Set slices.prototypes.counts=[15, 15] or slices.prototypes.fit_to_samples=true, or add data.",
            error.Message);
    }

    [Theory]
    [InlineData(1000, 64)]
    [InlineData(256, 64)]
    [InlineData(255, 63)]
    [InlineData(12, 3)]
    [InlineData(8, 2)]
    [InlineData(2, 2)]
    public void Fitted_to_samples_there_is_one_in_four(int samples, int expected) =>
        Assert.Equal([expected], PrototypeCounts.For("volumes", new PrototypeSettings { Counts = [64], FitToSamples = true }, samples));

    [Fact]
    public void A_single_sample_has_no_clusters()
    {
        var error = Assert.Throws<ConfigurationException>(() => PrototypeCounts.For("volumes", new PrototypeSettings { Counts = [64], FitToSamples = true }, 1));
        Assert.Contains("Add data", error.Message, StringComparison.Ordinal);
    }
}
