using static TorchSharp.torch;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>A run of numbers that tensors are laid over, as a checkpoint declares it.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">The type of its elements; <see cref="ScalarType.Byte"/> for untyped ones.</param>
/// <param name="Count">Its elements.</param>
internal sealed record TorchStorage(string Key, ScalarType Type, long Count)
{
    /// <summary>Its length in the file.</summary>
    public long Bytes => Count * SafetensorsTypes.Size(Type);
}
