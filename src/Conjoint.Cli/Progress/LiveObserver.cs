using Conjoint.Training;
using Spectre.Console;

namespace Conjoint.Cli.Progress;

/// <summary>Progress on a terminal: one line that is redrawn, with messages above it.</summary>
internal sealed class LiveObserver : IStatusObserver
{
    // A redraw costs about a millisecond; a person reads no faster.
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(0.2);

    private readonly IAnsiConsole _console;
    private readonly LiveDisplayContext _display;
    private readonly TimeProvider _clock;
    private readonly TimeLeft _left;
    private long? _drawnAt;

    private LiveObserver(IAnsiConsole console, LiveDisplayContext display, TimeProvider clock)
    {
        (_console, _display, _clock) = (console, display, clock);
        _left = new TimeLeft(clock);
    }

    /// <summary>Runs with the live line.</summary>
    public static T Run<T>(IAnsiConsole console, TimeProvider clock, Func<IStatusObserver, T> run) =>
        console.Live(Text.Empty).AutoClear(false).Start(display => run(new LiveObserver(console, display, clock)));

    public void Log(string message) => _console.WriteLine(message);

    public void Warn(string message) => _console.MarkupLineInterpolated($"[yellow]warning:[/] {message}");

    public void Step(StepProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        Status(StepText.Format(progress, _left.After(progress)), progress.Step == progress.Steps);
    }

    public void Status(string text, bool isLast)
    {
        if (!isLast && _drawnAt is { } at && _clock.GetElapsedTime(at) < s_interval)
            return;
        _drawnAt = _clock.GetTimestamp();
        _display.UpdateTarget(new Text(text).Overflow(Overflow.Ellipsis));
        _display.Refresh();
    }
}
