namespace Conjoint.Training;

/// <summary>Who watches a run: the terminal's progress line, a plain log, a test. A run tells it things and asks it nothing.</summary>
/// <remarks>Called from the run's own thread only. An observer must not change tensors or the global random generators.</remarks>
public interface IRunObserver
{
    /// <summary>Tells something worth a line: what was found, what begins, a validation result.</summary>
    /// <param name="message">One sentence without a line break.</param>
    void Log(string message);

    /// <summary>Tells something that the person should act on, though the run goes on.</summary>
    /// <param name="message">One sentence: what was found, and what to do about it.</param>
    void Warn(string message);

    /// <summary>Tells that an optimiser step was done.</summary>
    /// <param name="progress">Where the run stands.</param>
    void Step(StepProgress progress);
}
