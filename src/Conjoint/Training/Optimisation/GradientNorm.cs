using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Conjoint.Training.Optimisation;

/// <summary>Holds the length of the whole gradient below a bound.</summary>
public static class GradientNorm
{
    // As PyTorch's clip_grad_norm_.
    private const double Epsilon = 1e-6;

    /// <summary>Scales all gradients by min(1, bound / (‖g‖₂ + 1e-6)), where g is all of them in one vector.</summary>
    /// <remarks>Parameters without gradient count for nothing. Under LARC it changes little, since each tensor's step is proportional to its own norm.</remarks>
    /// <param name="parameters">The trained parameters.</param>
    /// <param name="bound">Above 0.</param>
    public static void Clip(IEnumerable<Parameter> parameters, double bound)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] gradients = [.. parameters.Select(p => p.grad).OfType<Tensor>()];
        if (gradients.Length == 0)
            return;
        var norm = linalg.vector_norm(stack([.. gradients.Select(g => linalg.vector_norm(g, 2, null, keepdim: false))]), 2, null, keepdim: false);
        var factor = (bound / (norm + Epsilon)).clamp(max: 1);
        foreach (var gradient in gradients)
            gradient.mul_(factor);
    }
}
