namespace Conjoint.Imaging;

/// <summary>A file or folder that cannot be used: missing, damaged, of an unknown format, or not matching another. Exit code 3.</summary>
public sealed class InputDataException : ConjointException
{
    /// <summary>Makes the exception; <paramref name="path"/> goes before <paramref name="reason"/> in the message.</summary>
    /// <param name="path">The file or folder, as the user named it.</param>
    /// <param name="reason">What is wrong with it and what would be right.</param>
    /// <param name="innerException">What brought it to light, if anything did.</param>
    public InputDataException(string path, string reason, Exception? innerException = null)
        : base($"{path}: {reason}", innerException)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>The file or folder.</summary>
    public string Path { get; }

    /// <summary>What is wrong, without the path.</summary>
    public string Reason { get; }
}
