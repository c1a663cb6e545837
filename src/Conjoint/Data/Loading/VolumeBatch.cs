using static TorchSharp.torch;

namespace Conjoint.Data;

/// <summary>A batch of volumes in two views. It belongs to who took it: dispose it after use.</summary>
public sealed class VolumeBatch : IDisposable
{
    internal VolumeBatch(IReadOnlyList<Tensor> views, long[] lengths, long[] indices) =>
        (Views, Lengths, Indices) = (views, lengths, indices);

    /// <summary>Two tensors [ΣN_b, 1, S, S] of float32, volume after volume, no padding between; on the CPU.</summary>
    public IReadOnlyList<Tensor> Views { get; }

    /// <summary>[B]: slices N_b of each volume, the same in both views.</summary>
    public long[] Lengths { get; }

    /// <summary>[B]: the index of each volume in its <see cref="VolumeSamples"/>.</summary>
    public long[] Indices { get; }

    /// <summary>Number of the batch in its epoch.</summary>
    internal int Number { get; init; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var view in Views)
            view.Dispose();
    }
}
