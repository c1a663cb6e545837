namespace Conjoint.Imaging;

/// <summary>
/// A fault that the user can mend. The message is one sentence that names the file or key, says what is wrong with it and
/// what would be right; it is shown as it is.
/// </summary>
public abstract class ConjointException : Exception
{
    /// <summary>Makes the exception with its sentence.</summary>
    protected ConjointException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
