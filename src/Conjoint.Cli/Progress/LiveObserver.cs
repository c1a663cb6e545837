using Conjoint.Training;
using Spectre.Console;

namespace Conjoint.Cli.Progress;

/// <summary>Progress on a terminal: one line that is redrawn, with messages above it.</summary>
internal sealed class LiveObserver : IRunObserver
{
    // A redraw costs about a millisecond; a person reads no faster.
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(0.2);

    private readonly IAnsiConsole _console;
    private readonly LiveDisplayContext _display;
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly TimeLeft _left;
    private long _drawnAt;

    private LiveObserver(IAnsiConsole console, LiveDisplayContext display)
    {
        (_console, _display) = (console, display);
        _left = new TimeLeft(_clock);
    }

    /// <summary>Runs with the live line on a terminal.</summary>
    public static T Run<T>(TextWriter writer, Func<IRunObserver, T> run)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        return console.Live(Text.Empty).AutoClear(false).Start(display => run(new LiveObserver(console, display)));
    }

    public void Log(string message) => _console.WriteLine(message);

    public void Warn(string message) => _console.MarkupLineInterpolated($"[yellow]warning:[/] {message}");

    public void Step(StepProgress progress)
    {
        var left = _left.After(progress);
        var now = _clock.GetTimestamp();
        if (progress.Step < progress.Steps && _clock.GetElapsedTime(_drawnAt, now) < s_interval)
            return;
        _drawnAt = now;
        _display.UpdateTarget(new Text(StepText.Format(progress, left)).Overflow(Overflow.Ellipsis));
        _display.Refresh();
    }
}
