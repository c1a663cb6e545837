using static TorchSharp.torch;

namespace Conjoint.Tasks.Classification;

/// <summary>Volumes of different lengths with their classes, as plain arrays: tensors are made by the consumer.</summary>
internal sealed class LabelledVolumeBatch : IDisposable
{
    private readonly long[] _classes;
    private readonly int _size;

    /// <param name="step">The step that the batch belongs to.</param>
    /// <param name="lengths">N_b of each volume.</param>
    /// <param name="classes">The class of each volume.</param>
    /// <param name="size">S, the side of a slice.</param>
    public LabelledVolumeBatch(long step, long[] lengths, long[] classes, int size)
    {
        (Step, Lengths, _classes, _size) = (step, lengths, classes, size);
        Values = new float[lengths.Sum() * size * size];
    }

    /// <summary>The step that the batch belongs to.</summary>
    public long Step { get; }

    /// <summary>[B]: slices N_b of each volume.</summary>
    public long[] Lengths { get; }

    /// <summary>[ΣN_b·S·S], volume after volume, normalised.</summary>
    public float[] Values { get; }

    /// <summary>The values of one volume, [N_b·S·S].</summary>
    public Span<float> Volume(int place)
    {
        var plane = _size * _size;
        return Values.AsSpan((int)Lengths.Take(place).Sum() * plane, (int)Lengths[place] * plane);
    }

    /// <summary>Slices [ΣN_b, 1, S, S] on the processor and classes [B] on a device; the caller's.</summary>
    public (Tensor Slices, Tensor Classes) ToTensors(Device device) =>
        (tensor(Values, [Lengths.Sum(), 1, _size, _size]), tensor(_classes).to(device));

    public void Dispose()
    {
        // Nothing but managed arrays; the prefetch queue asks for the method.
    }
}
