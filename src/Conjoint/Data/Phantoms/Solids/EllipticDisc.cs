using System.Numerics;

namespace Conjoint.Data.Phantoms.Solids;

/// <summary>An upright elliptic cylinder with rounded rims: a vertebral body, an intervertebral disc.</summary>
/// <param name="centre">Position in mm.</param>
/// <param name="halfSize">Half-axes along right and anterior, and half the height, in mm.</param>
/// <param name="roundingMm">Radius of the rims.</param>
internal sealed class EllipticDisc(Vector3 centre, Vector3 halfSize, float roundingMm) : Solid
{
    /// <inheritdoc/>
    public override Bounds Bounds { get; } = Bounds.Around(centre, halfSize);

    /// <inheritdoc/>
    public override float SignedDistance(Vector3 point)
    {
        var local = point - centre;
        var level = MathF.Sqrt(
            local.X * local.X / (halfSize.X * halfSize.X) + local.Y * local.Y / (halfSize.Y * halfSize.Y));
        var fromSide = (level - 1) * MathF.Min(halfSize.X, halfSize.Y);
        var fromEnds = MathF.Abs(local.Z) - halfSize.Z;
        return SmoothMax(fromSide, fromEnds, roundingMm);
    }
}
