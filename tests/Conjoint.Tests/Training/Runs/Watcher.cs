using Conjoint.Training;

namespace Conjoint.Tests.Training.Runs;

/// <summary>Remembers what a run tells, and does something at its occasions: every step, and the beginning of a first pass.</summary>
internal sealed class Watcher(Action<int>? onOccasion = null) : IRunObserver
{
    private int _occasions;

    /// <summary>After each step.</summary>
    public event Action<StepProgress>? Stepped;

    public List<string> Lines { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<StepProgress> Steps { get; } = [];

    public void Log(string message)
    {
        Lines.Add(message);
        if (message.Contains("first pass", StringComparison.Ordinal))
            onOccasion?.Invoke(++_occasions);
    }

    public void Warn(string message) => Warnings.Add(message);

    public void Step(StepProgress progress)
    {
        Steps.Add(progress);
        Stepped?.Invoke(progress);
        onOccasion?.Invoke(++_occasions);
    }
}
