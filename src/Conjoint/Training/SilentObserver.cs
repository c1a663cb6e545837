namespace Conjoint.Training;

/// <summary>An observer that looks away.</summary>
public sealed class SilentObserver : IRunObserver
{
    /// <summary>The one there is.</summary>
    public static SilentObserver Instance { get; } = new();

    private SilentObserver()
    {
    }

    /// <inheritdoc/>
    public void Log(string message)
    {
    }

    /// <inheritdoc/>
    public void Warn(string message)
    {
    }

    /// <inheritdoc/>
    public void Step(StepProgress progress)
    {
    }
}
