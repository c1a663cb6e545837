using Conjoint.Training;

namespace Conjoint.Cli.Progress;

/// <summary>Progress of anything, training or not.</summary>
internal interface IStatusObserver : IRunObserver
{
    /// <summary>Shows where the work stands, when it is time to.</summary>
    /// <param name="text">One line.</param>
    /// <param name="isLast">Whether the work ends with it, so that it has to be seen.</param>
    void Status(string text, bool isLast);
}
