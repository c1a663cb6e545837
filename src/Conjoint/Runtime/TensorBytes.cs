using static TorchSharp.torch;

namespace Conjoint.Runtime;

/// <summary>The bytes of a tensor as they lie in memory and in files.</summary>
internal static class TensorBytes
{
    // A span is limited to 2 GiB; tensors may be larger.
    private const long ChunkBytes = 64L << 20;

    /// <summary>Visits the bytes in order, a piece at a time; whole elements in every piece.</summary>
    /// <param name="flat">One axis, contiguous, on the CPU.</param>
    /// <param name="act">May change the bytes.</param>
    public static void ForEachChunk(Tensor flat, Action<Span<byte>> act)
    {
        var count = flat.numel();
        var step = ChunkBytes / SafetensorsTypes.Size(flat.dtype);
        for (var start = 0L; start < count; start += step)
        {
            using var chunk = flat.narrow(0, start, Math.Min(step, count - start));
            act(chunk.bytes);
        }
    }

    /// <summary>Turns the bytes of every element around.</summary>
    public static void Reverse(Span<byte> bytes, int elementSize)
    {
        for (var start = 0; start < bytes.Length; start += elementSize)
            bytes.Slice(start, elementSize).Reverse();
    }
}
