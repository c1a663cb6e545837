using static TorchSharp.torch;

namespace Conjoint.Data;

/// <summary>A batch of volumes in two views. It belongs to who took it: dispose it after use.</summary>
public sealed class VolumeBatch : IDisposable
{
    internal VolumeBatch(IReadOnlyList<Tensor> views, long[] lengths, long[] indices, IReadOnlyList<Tensor>? sliceCrops = null, long[]? sliceIndices = null) =>
        (Views, Lengths, Indices, SliceCrops, SliceIndices) = (views, lengths, indices, sliceCrops ?? [], sliceIndices ?? []);

    /// <summary>Two tensors [ΣN_b, 1, S, S] of float32, volume after volume, no padding between; on the CPU.</summary>
    public IReadOnlyList<Tensor> Views { get; }

    /// <summary>[B]: slices N_b of each volume, the same in both views.</summary>
    public long[] Lengths { get; }

    /// <summary>[B]: the index of each volume in its <see cref="VolumeSamples"/>.</summary>
    public long[] Indices { get; }

    /// <summary>
    /// One tensor [B·slices, 1, s, s] for each crop of single slices, volume after volume; none unless the loader was asked for them.
    /// </summary>
    public IReadOnlyList<Tensor> SliceCrops { get; }

    /// <summary>[B·slices]: the index of the part of a volume from which each slice was drawn; the same in every epoch.</summary>
    public long[] SliceIndices { get; }

    /// <summary>Number of the batch in its epoch.</summary>
    internal int Number { get; init; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in Views.Concat(SliceCrops))
            tensor.Dispose();
    }
}
