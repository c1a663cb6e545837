using static TorchSharp.torch;

namespace Conjoint.Tasks.Segmentation;

/// <summary>Slices with the class of each pixel, as plain arrays: tensors are made by the consumer.</summary>
internal sealed class LabelledBatch(long step, IReadOnlyList<long> lengths, int channels, int size) : IDisposable
{
    /// <summary>The step that the batch belongs to.</summary>
    public long Step { get; } = step;

    /// <summary>Slices of each run of neighbours; single slices are runs of one.</summary>
    public IReadOnlyList<long> Lengths { get; } = lengths;

    /// <summary>Slices.</summary>
    public int Count { get; } = (int)lengths.Sum();

    /// <summary>[count·channels·size·size], normalised.</summary>
    public float[] Values { get; } = new float[(int)lengths.Sum() * channels * size * size];

    /// <summary>[count·size·size], sets of structures where they may overlap.</summary>
    public long[] Classes { get; } = new long[(int)lengths.Sum() * size * size];

    /// <summary>Input [count, channels, size, size] and classes [count, size, size] on a device; the caller's.</summary>
    public (Tensor Input, Tensor Classes) ToTensors(Device device) =>
        (tensor(Values, [Count, channels, size, size]).to(device), tensor(Classes, [Count, size, size]).to(device));

    public void Dispose()
    {
        // Nothing but managed arrays; the prefetch queue asks for the method.
    }
}
