using Conjoint.Training;

namespace Conjoint.Cli.Progress;

/// <summary>Progress as a plain log: a line at the start and the end of a stage and every few seconds between.</summary>
internal sealed class PlainObserver(TextWriter writer, TimeProvider clock) : IStatusObserver
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly TimeLeft _left = new(clock);
    private string? _stage;
    private long? _writtenAt;

    public void Log(string message) => writer.WriteLine(message);

    public void Warn(string message) => writer.WriteLine($"warning: {message}");

    public void Step(StepProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var left = _left.After(progress);
        if (progress.Stage != _stage)
            (_stage, _writtenAt) = (progress.Stage, null);
        if (progress.Step == progress.Steps || IsTime())
            Write(StepText.Format(progress, left));
    }

    public void Status(string text, bool isLast)
    {
        if (isLast || IsTime())
            Write(text);
    }

    private bool IsTime() => _writtenAt is not { } at || clock.GetElapsedTime(at) >= s_interval;

    private void Write(string line)
    {
        _writtenAt = clock.GetTimestamp();
        writer.WriteLine(line);
    }
}
