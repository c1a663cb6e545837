namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>What stands in the place of a Python object that weights have no use for: nothing was made and nothing called.</summary>
internal sealed class PickleInert
{
    /// <summary>The only one; whatever a file does to it has no effect.</summary>
    public static PickleInert Instance { get; } = new();
}
