using System.Numerics;

namespace Conjoint.Data.Phantoms.Solids;

/// <summary>A straight rod with round ends whose radius runs evenly from one end to the other: a piece of vessel, airway or rib.</summary>
internal sealed class RoundCone(Vector3 start, Vector3 end, float startRadiusMm, float endRadiusMm) : Solid
{
    private readonly Vector3 _along = end - start;
    private readonly float _inverseLengthSquared = 1 / MathF.Max((end - start).LengthSquared(), 1e-6f);

    /// <inheritdoc/>
    public override Bounds Bounds { get; } =
        Bounds.Around(start, new Vector3(startRadiusMm)).Union(Bounds.Around(end, new Vector3(endRadiusMm)));

    /// <inheritdoc/>
    public override float SignedDistance(Vector3 point)
    {
        var fromStart = point - start;
        var part = Math.Clamp(Vector3.Dot(fromStart, _along) * _inverseLengthSquared, 0f, 1f);
        return (fromStart - part * _along).Length() - (startRadiusMm + part * (endRadiusMm - startRadiusMm));
    }

    /// <summary>Rods from point to point with one radius.</summary>
    public static IEnumerable<Solid> Path(float radiusMm, params IReadOnlyList<Vector3> points)
    {
        for (var i = 1; i < points.Count; i++)
            yield return new RoundCone(points[i - 1], points[i], radiusMm, radiusMm);
    }
}
