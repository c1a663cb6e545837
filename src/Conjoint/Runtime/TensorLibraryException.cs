using Conjoint.Imaging;

namespace Conjoint.Runtime;

/// <summary>The native tensor library is missing or cannot be used. Exit code 1.</summary>
public sealed class TensorLibraryException : ConjointException
{
    /// <summary>Makes the exception with its sentence.</summary>
    public TensorLibraryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
