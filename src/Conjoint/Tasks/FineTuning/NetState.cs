using Conjoint.Imaging;
using Conjoint.Training;
using static TorchSharp.torch;

namespace Conjoint.Tasks.FineTuning;

/// <summary>Puts saved tensors back into the very net that they are of.</summary>
internal static class NetState
{
    /// <summary>Takes all tensors by name.</summary>
    /// <param name="net">The net.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <param name="tensors">The file's tensors.</param>
    /// <exception cref="InputDataException">A name is missing, has another shape, or holds NaN or infinite numbers.</exception>
    public static void Load(nn.Module net, string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (name, own) in net.state_dict())
        {
            if (!tensors.TryGetValue(name, out var tensor) || !tensor.shape.AsSpan().SequenceEqual(own.shape))
                throw new InputDataException(path, $"'{name}' is missing or has another shape than [{string.Join(", ", own.shape)}]; the file doesn't belong to this net.");
            NetWeights.RequireFinite(path, name, tensor);
            own.copy_(tensor);
        }
    }
}
