using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Conjoint.Data;

/// <summary>Writing into tensors from loader threads.</summary>
internal static class TensorMemory
{
    /// <summary>A float32 tensor on the CPU with undefined values, owned by whoever holds it and by no scope.</summary>
    public static Tensor Empty(params long[] shape) => empty(shape, dtype: ScalarType.Float32).DetachFromDisposeScope();

    /// <summary>A part of a contiguous float32 tensor, without a copy.</summary>
    public static Span<float> Part(Tensor tensor, int first, int count) =>
        MemoryMarshal.Cast<byte, float>(tensor.bytes).Slice(first, count);
}
