using static TorchSharp.torch;

namespace Conjoint.Runtime.PyTorchFiles;

/// <summary>What a checkpoint says about one tensor of its model.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">Its shape, outermost axis first; empty for a scalar.</param>
public sealed record PyTorchEntry(string Name, ScalarType DType, IReadOnlyList<long> Shape);
