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
        var gradients = Gradients(parameters);
        if (gradients.Length == 0)
            return;
        var factor = (bound / (Norm(gradients) + Epsilon)).clamp(max: 1);
        foreach (var gradient in gradients)
            gradient.mul_(factor);
    }

    /// <summary>As <see cref="Clip"/>, where the length has to be known: a gradient that isn't finite stays as it is.</summary>
    /// <param name="parameters">The trained parameters.</param>
    /// <param name="bound">Above 0; null for none.</param>
    /// <returns>The length before; not finite where a gradient isn't, or where the sum of squares is beyond 32 bits.</returns>
    public static double Limit(IEnumerable<Parameter> parameters, double? bound)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var gradients = Gradients(parameters);
        var norm = gradients.Length == 0 ? 0 : Norm(gradients).to(float64).item<double>();
        if (bound is { } limit && norm > limit && double.IsFinite(norm))
        {
            foreach (var gradient in gradients)
                gradient.mul_(limit / norm);
        }

        return norm;
    }

    private static Tensor[] Gradients(IEnumerable<Parameter> parameters) => [.. parameters.Select(p => p.grad).OfType<Tensor>()];

    // In 32 bits: a copy of every gradient in 64 takes longer than the rest of a step.
    private static Tensor Norm(Tensor[] gradients) =>
        linalg.vector_norm(stack([.. gradients.Select(g => linalg.vector_norm(g, 2, null, keepdim: false))]), 2, null, keepdim: false);
}
