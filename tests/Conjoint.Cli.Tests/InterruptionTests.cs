namespace Conjoint.Cli.Tests;

public class InterruptionTests
{
    [Theory]
    [InlineData(130)]
    [InlineData(143)]
    public void The_first_signal_asks_and_the_second_does_not(int code)
    {
        using var interruption = new Interruption();
        Assert.False(interruption.Token.IsCancellationRequested);
        Assert.True(interruption.Signal(code));
        Assert.True(interruption.Token.IsCancellationRequested);
        Assert.Equal(code, interruption.Code);
        Assert.False(interruption.Signal(130));
        Assert.Equal(code, interruption.Code);
    }

    [Fact]
    public void An_interrupted_verb_ends_with_the_signal_s_code()
    {
        using var interruption = new Interruption();
        interruption.Signal(ExitCode.Terminated);
        var run = CliRun.Of(interruption, "inspect", "/");
        Assert.Equal(143, run.ExitCode);
        Assert.Equal("conjoint: error: interrupted.\n", run.Error);
    }
}
