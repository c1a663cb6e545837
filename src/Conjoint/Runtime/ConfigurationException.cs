using Conjoint.Imaging;

namespace Conjoint.Runtime;

/// <summary>A setting that cannot be used: an unknown key, a value out of range, an impossible combination. Exit code 2.</summary>
public sealed class ConfigurationException : ConjointException
{
    /// <summary>Makes the exception with its sentence.</summary>
    public ConfigurationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
