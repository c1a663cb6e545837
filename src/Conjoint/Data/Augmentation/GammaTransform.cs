using System.Numerics;
using System.Runtime.Intrinsics;

namespace Conjoint.Data.Augmentation;

/// <summary>Changes the contrast: y = sign(x) |x|^γ with γ = exp(LogGamma) (TorchIO's RandomGamma).</summary>
/// <param name="LogGamma">Natural logarithm of γ; 0 leaves the volume as it is.</param>
public sealed record GammaTransform(double LogGamma) : VolumeTransform
{
    /// <inheritdoc/>
    public override VolumeTransformKind Kind => VolumeTransformKind.Gamma;

    internal static GammaTransform Draw(VolumeTransformSettings settings, RandomStream random) =>
        new(random.Uniform(-settings.LogGamma, settings.LogGamma));

    private protected override void Transform<T>(ReadOnlySpan<T> volume, VolumeGrid grid, Span<T> destination)
    {
        if (LogGamma == 0)
        {
            volume.CopyTo(destination); // exp(log x) is only nearly x
            return;
        }

        Elementwise.Map(volume, destination, new Power<T>(T.CreateTruncating(Math.Exp(LogGamma))));
    }

    private readonly struct Power<T>(T gamma) : IElementwise<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Vector512<T> _gamma = Vector512.Create(gamma);

        public Vector512<T> Invoke(Vector512<T> x)
        {
            var size = VectorMath.Exp(_gamma * VectorMath.Log(Vector512.Abs(x))); // exp(-∞) = 0 keeps zeros
            return Vector512.CopySign(size, x);
        }
    }
}
