using System.Numerics;

namespace Conjoint.Data.Phantoms.Solids;

/// <summary>A body given by an implicit function, in mm of the patient's RAS+ frame.</summary>
/// <remarks>Immutable and safe to use from several threads.</remarks>
internal abstract class Solid
{
    /// <summary>A box that holds the whole solid.</summary>
    public abstract Bounds Bounds { get; }

    /// <summary>
    /// About the distance in mm to the surface, negative inside. It need be right only near the surface, where it decides
    /// how much of a voxel the solid fills.
    /// </summary>
    public abstract float SignedDistance(Vector3 point);

    /// <summary>The larger of two distances with the crease between them rounded over <paramref name="roundingMm"/>: a rounded intersection.</summary>
    protected static float SmoothMax(float a, float b, float roundingMm)
    {
        var overlap = MathF.Max(roundingMm - MathF.Abs(a - b), 0) / roundingMm;
        return MathF.Max(a, b) + overlap * overlap * roundingMm / 4;
    }
}
