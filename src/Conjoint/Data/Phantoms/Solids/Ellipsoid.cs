using System.Numerics;

namespace Conjoint.Data.Phantoms.Solids;

/// <summary>An ellipsoid with its own axes; chambers, organs, lesions.</summary>
/// <param name="Centre">Position in mm.</param>
/// <param name="Radii">Half-axes in mm along <paramref name="Axes"/>.</param>
/// <param name="Axes">Directions of the half-axes.</param>
internal sealed class Ellipsoid(Vector3 Centre, Vector3 Radii, Frame Axes) : Solid
{
    /// <summary>An ellipsoid along the patient's axes.</summary>
    public Ellipsoid(Vector3 centre, Vector3 radii)
        : this(centre, radii, Frame.Patient)
    {
    }

    /// <inheritdoc/>
    public override Bounds Bounds { get; } = Bounds.Around(Centre, Axes.Reach(Radii));

    /// <inheritdoc/>
    public override float SignedDistance(Vector3 point)
    {
        var local = Axes.ToLocal(point - Centre);
        var scaled = local / Radii;
        var level = scaled.Length();                    // 1 on the surface
        var slope = (scaled / Radii).Length();          // |gradient| · level
        return slope < 1e-6f ? -MathF.Min(Radii.X, MathF.Min(Radii.Y, Radii.Z)) : level * (level - 1) / slope;
    }
}
