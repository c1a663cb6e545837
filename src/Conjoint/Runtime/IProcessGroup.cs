using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>The processes that train one model together. Every process makes the same calls in the same order.</summary>
public interface IProcessGroup
{
    /// <summary>This process, 0 to <see cref="WorldSize"/> − 1.</summary>
    int Rank { get; }

    /// <summary>How many processes there are; at least 1.</summary>
    int WorldSize { get; }

    /// <summary>Replaces a tensor's values by their sum over the processes, the same bits on each.</summary>
    /// <param name="tensor">Float32 or float64, contiguous, without gradient, of one shape on every process; changed in place.</param>
    void AllReduceSum(Tensor tensor);
}
