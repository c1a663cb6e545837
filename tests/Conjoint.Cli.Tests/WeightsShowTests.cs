namespace Conjoint.Cli.Tests;

public class WeightsShowTests
{
    [Theory]
    [InlineData("paper", "34,960,864")]
    [InlineData("released", "31,162,884")]
    public void A_preset_s_nets_have_the_published_sizes(string preset, string encoders)
    {
        var run = CliRun.Of("weights", "show", "--preset", preset);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("23,508,032", run.Out, StringComparison.Ordinal);
        Assert.Matches($"both encoders +{encoders}", run.Out);
    }
}
