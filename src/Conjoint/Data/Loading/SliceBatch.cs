using static TorchSharp.torch;

namespace Conjoint.Data;

/// <summary>A batch of multi-crop views of slices. It belongs to who took it: dispose it after use.</summary>
public sealed class SliceBatch : IDisposable
{
    internal SliceBatch(IReadOnlyList<Tensor> crops, long[] indices) => (Crops, Indices) = (crops, indices);

    /// <summary>One tensor [B, 1, s, s] of float32 for each crop, in the order of the crop settings; on the CPU.</summary>
    public IReadOnlyList<Tensor> Crops { get; }

    /// <summary>[B]: the index of each sample in its <see cref="SliceSamples"/>.</summary>
    public long[] Indices { get; }

    /// <summary>Number of the batch in its epoch.</summary>
    internal int Number { get; init; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var crop in Crops)
            crop.Dispose();
    }
}
