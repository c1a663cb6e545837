using Conjoint.Training;

namespace Conjoint.Cli.Progress;

/// <summary>How long a stage will still take, from the pace of its recent steps.</summary>
internal sealed class TimeLeft(TimeProvider clock)
{
    // Old steps fade, so that a machine that becomes busy is noticed; a hundred steps back count for a third.
    private const double Fading = 0.99;

    private string? _stage;
    private long _at;
    private double _seconds, _steps;
    private long _step;

    /// <summary>Takes a step into account.</summary>
    /// <returns>The time left; null until two steps of the stage have been seen.</returns>
    public TimeSpan? After(StepProgress progress)
    {
        var now = clock.GetTimestamp();
        if (progress.Stage != _stage || progress.Step <= _step)
        {
            (_stage, _seconds, _steps) = (progress.Stage, 0, 0);
        }
        else
        {
            _seconds = _seconds * Fading + clock.GetElapsedTime(_at, now).TotalSeconds;
            _steps = _steps * Fading + (progress.Step - _step);
        }

        (_at, _step) = (now, progress.Step);
        return _steps > 0 ? TimeSpan.FromSeconds(_seconds / _steps * (progress.Steps - progress.Step)) : null;
    }
}
