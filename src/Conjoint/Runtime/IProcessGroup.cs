using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>The processes that train one model together.</summary>
public interface IProcessGroup
{
    /// <summary>This process's number, from 0.</summary>
    int Rank { get; }

    /// <summary>How many processes there are; at least 1.</summary>
    int WorldSize { get; }

    /// <summary>Replaces the tensor's values by their sum over all processes; unknown to autograd.</summary>
    /// <param name="tensor">Of the same shape and type in every process. The caller keeps it.</param>
    void AllReduceSum(Tensor tensor);
}
