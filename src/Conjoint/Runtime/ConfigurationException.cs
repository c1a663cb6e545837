using Conjoint.Imaging;

namespace Conjoint.Runtime;

/// <summary>A setting that cannot be used: an unknown key, a value out of range, an impossible combination. Exit code 2.</summary>
public sealed class ConfigurationException : ConjointException
{
    /// <summary>Makes the exception with its sentence.</summary>
    public ConfigurationException(string message, Exception? innerException = null)
        : base(message, innerException) => Faults = [message];

    /// <summary>Makes the exception of several faults that were found at once; its message has a line for each.</summary>
    /// <param name="faults">A sentence a fault; at least one.</param>
    public ConfigurationException(IReadOnlyList<string> faults)
        : base(string.Join('\n', faults)) => Faults = faults;

    /// <summary>Every fault, a sentence each.</summary>
    public IReadOnlyList<string> Faults { get; }
}
