using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>The group of one process: sums are what they were.</summary>
public sealed class SingleProcess : IProcessGroup
{
    private SingleProcess()
    {
    }

    /// <summary>The one instance; it has no state.</summary>
    public static SingleProcess Instance { get; } = new();

    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int WorldSize => 1;

    /// <inheritdoc/>
    public void AllReduceSum(Tensor tensor) => ArgumentNullException.ThrowIfNull(tensor);
}
