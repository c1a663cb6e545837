using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>The tensors of a safetensors file in memory. It owns them: they live until it is disposed, whatever dispose scope is open.</summary>
public sealed class SafetensorsFile : IDisposable
{
    internal SafetensorsFile(IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, Tensor> tensors)
    {
        Metadata = metadata;
        Tensors = tensors;
    }

    /// <summary>The strings of <c>__metadata__</c>; empty when the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name, on the CPU, contiguous; enumerated in the order in which their data lie in the file.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>Frees every tensor.</summary>
    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }
}
