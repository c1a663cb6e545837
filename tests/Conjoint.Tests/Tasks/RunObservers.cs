using Conjoint.Training;

namespace Conjoint.Tests.Tasks;

/// <summary>Asks a run to stop after some steps.</summary>
internal sealed class StoppingObserver(CancellationTokenSource stop, int steps) : IRunObserver
{
    private int _seen;

    public void Log(string message)
    {
        // A validation or a test is an occasion to stop too.
        if (message.StartsWith("validation", StringComparison.Ordinal) && ++_seen >= steps)
            stop.Cancel();
    }

    public void Warn(string message)
    {
    }

    public void Step(StepProgress progress)
    {
        if (++_seen >= steps)
            stop.Cancel();
    }
}

/// <summary>Ends a run without a word at some step.</summary>
internal sealed class DyingObserver(int step) : IRunObserver
{
    public long? FirstStep { get; private set; }

    public void Log(string message)
    {
    }

    public void Warn(string message)
    {
    }

    public void Step(StepProgress progress)
    {
        FirstStep ??= progress.Step;
        if (progress.Step == step)
            throw new InvalidOperationException("killed");
    }
}

/// <summary>Keeps what a run says.</summary>
internal sealed class LogObserver : IRunObserver
{
    public List<string> Lines { get; } = [];

    void IRunObserver.Log(string message) => Lines.Add(message);

    public void Warn(string message) => Lines.Add(message);

    public void Step(StepProgress progress)
    {
    }
}
