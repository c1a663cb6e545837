using System.Numerics;

namespace Conjoint.Data.Phantoms.Solids;

/// <summary>Everything behind a plane, inside a box: a fluid level, a table top.</summary>
/// <param name="surface">A point of the plane.</param>
/// <param name="outward">Unit normal pointing away from the solid.</param>
/// <param name="bounds">The box to which it is limited.</param>
internal sealed class HalfSpace(Vector3 surface, Vector3 outward, Bounds bounds) : Solid
{
    /// <inheritdoc/>
    public override Bounds Bounds => bounds;

    /// <inheritdoc/>
    public override float SignedDistance(Vector3 point)
    {
        var outside = Vector3.Max(bounds.Lower - point, point - bounds.Upper);
        var fromBox = MathF.Max(outside.X, MathF.Max(outside.Y, outside.Z));
        return MathF.Max(Vector3.Dot(point - surface, outward), fromBox);
    }
}
