using Conjoint.Cli.Progress;
using Conjoint.Training;
using Spectre.Console;

namespace Conjoint.Cli.Tests;

public class ProgressTests
{
    /// <summary>A clock that goes when it is told to.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Go(double seconds) => _ticks += (long)(seconds * TimeSpan.TicksPerSecond);
    }

    private static StepProgress At(long step, string stage = "slices", long steps = 100) =>
        new(stage, Epoch: 0, Epochs: 2, step, steps, Loss: 2.5, LearningRate: 0.03, SamplesPerSecond: 812.4, DataWaitFraction: 0.014);

    [Fact]
    public void A_step_is_one_line_with_everything_in_it() => Assert.Equal(
        "slices  epoch 1/2  step 7/100  loss 2.5000  lr 3.0e-2  812 samples/s  data wait 1 %  3 min left",
        StepText.Format(At(7), TimeSpan.FromMinutes(3)));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(59.6, "1 min")]
    [InlineData(3570, "1 h 00 min")]
    [InlineData(3900, "1 h 05 min")]
    [InlineData(90000, "1 d 01 h")]
    public void Durations_have_two_units_at_most(double seconds, string expected) => Assert.Equal(expected, StepText.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Time_left_follows_the_pace()
    {
        var clock = new Clock();
        var left = new TimeLeft(clock);
        Assert.Null(left.After(At(1)));
        clock.Go(2);
        Assert.Equal(TimeSpan.FromSeconds(196), left.After(At(2)));
        clock.Go(2);
        Assert.Equal(194, left.After(At(3))!.Value.TotalSeconds, 6);
        Assert.Null(left.After(At(1, "masked")));
    }

    [Fact]
    public void Time_left_is_unmoved_by_what_an_interrupted_run_did_before()
    {
        var clock = new Clock();
        var left = new TimeLeft(clock);
        Assert.Null(left.After(At(90)));
        clock.Go(1);
        Assert.Equal(TimeSpan.FromSeconds(9), left.After(At(91)));
    }

    [Fact]
    public void A_plain_log_has_the_first_and_the_last_step_and_one_every_few_seconds()
    {
        var clock = new Clock();
        using var writer = new StringWriter { NewLine = "\n" };
        var observer = new PlainObserver(writer, clock);
        for (var step = 1; step <= 100; step++)
        {
            observer.Step(At(step));
            clock.Go(0.2);
        }

        observer.Step(At(1, "masked"));
        observer.Log("done");
        observer.Warn("careful");
        var lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["1/100", "26/100", "51/100", "76/100", "100/100", "1/100"], lines.Where(l => l.Contains("step", StringComparison.Ordinal)).Select(l => l.Split("step ")[1].Split(' ')[0]));
        Assert.Equal(["done", "warning: careful"], lines[^2..]);
    }

    [Fact]
    public void A_live_line_is_redrawn_and_messages_stay_above_it()
    {
        var clock = new Clock();
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 200;
        var result = LiveObserver.Run(console, clock, observer =>
        {
            observer.Step(At(1));
            observer.Step(At(2));
            observer.Log("[found] 3 volumes");
            clock.Go(1);
            observer.Step(At(3));
            observer.Warn("careful");
            observer.Step(At(100));
            return 7;
        });

        Assert.Equal(7, result);
        var text = writer.ToString();
        foreach (var shown in (string[])["step 1/100", "[found] 3 volumes", "step 3/100", "warning: careful", "step 100/100"])
            Assert.Contains(shown, text, StringComparison.Ordinal);
        Assert.DoesNotContain("step 2/100", text, StringComparison.Ordinal);
    }
}
