using Conjoint.Imaging;

namespace Conjoint.Runtime;

/// <summary>Training that cannot go on: repeated non-finite steps, or embeddings that collapsed. Exit code 4.</summary>
public sealed class TrainingDivergedException : ConjointException
{
    /// <summary>Makes the exception with its sentence.</summary>
    public TrainingDivergedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
