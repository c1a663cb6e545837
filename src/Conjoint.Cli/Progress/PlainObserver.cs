using Conjoint.Training;

namespace Conjoint.Cli.Progress;

/// <summary>Progress as a plain log: a step line at the start and the end of a stage and every few seconds between.</summary>
internal sealed class PlainObserver(TextWriter writer, TimeProvider clock) : IRunObserver
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly TimeLeft _left = new(clock);
    private string? _stage;
    private long _writtenAt;

    public void Log(string message) => writer.WriteLine(message);

    public void Warn(string message) => writer.WriteLine($"warning: {message}");

    public void Step(StepProgress progress)
    {
        var left = _left.After(progress);
        var now = clock.GetTimestamp();
        if (progress.Stage == _stage && progress.Step < progress.Steps && clock.GetElapsedTime(_writtenAt, now) < s_interval)
            return;
        (_stage, _writtenAt) = (progress.Stage, now);
        writer.WriteLine(StepText.Format(progress, left));
    }
}
