using Conjoint.Imaging;

namespace Conjoint.Runtime;

/// <summary>A process of a group ended, does not answer, or made another call than the rest. Exit code 1.</summary>
public sealed class ProcessGroupException : ConjointException
{
    /// <summary>Makes the exception with its sentence.</summary>
    public ProcessGroupException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
