using Conjoint.Nets.Detection;
using static TorchSharp.torch;

namespace Conjoint.Tasks.Detection;

/// <summary>Images with their boxes, as plain arrays: tensors are made by the consumer.</summary>
internal sealed class LabelledImageBatch(long step, int count, int size) : IDisposable
{
    /// <summary>The step that the batch belongs to.</summary>
    public long Step { get; } = step;

    /// <summary>[count·size·size], normalised.</summary>
    public float[] Values { get; } = new float[count * size * size];

    /// <summary>The boxes of each image.</summary>
    public TrueBox[][] Boxes { get; } = new TrueBox[count][];

    /// <summary>[count, 1, size, size]; the caller's.</summary>
    public Tensor ToTensor(Device device) => tensor(Values, [count, 1, size, size]).to(device);

    public void Dispose()
    {
        // Nothing but managed arrays; the prefetch queue asks for the method.
    }
}
