using System.Numerics;
using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Solids;

namespace Conjoint.Data.Phantoms.Anatomy;

/// <summary>A nodule or mass in a lung.</summary>
/// <param name="Centre">Position in mm.</param>
/// <param name="RadiusMm">Mean radius.</param>
/// <param name="Layer">What is painted.</param>
internal sealed record Nodule(Vector3 Centre, float RadiusMm, Layer Layer)
{
    private const int Attempts = 400;

    /// <summary>Draws nodules that lie in the lungs and don't touch one another.</summary>
    /// <param name="count">How many; fewer come out if there is no room.</param>
    /// <param name="lungs">Where they may be; each has its centre in one of them.</param>
    /// <param name="vessels">Vessels beside which they may sit.</param>
    /// <param name="isFree">Whether a ball at a place is clear of heart, fluid and the like.</param>
    /// <param name="random">Source of place, size and kind.</param>
    public static IReadOnlyList<Nodule> Draw(
        int count, IReadOnlyList<Solid> lungs, IReadOnlyList<Vector3> vessels, Func<Vector3, float, bool> isFree, RandomStream random)
    {
        var nodules = new List<Nodule>();
        for (var attempt = 0; attempt < Attempts && nodules.Count < count; attempt++)
        {
            var radius = random.Normal(12, 4, 5.5, 22);
            var centre = DrawPlace(lungs, vessels, radius, random);
            // At least the centre and half the ball inside: the rest leans on the chest wall.
            var inLung = lungs.Any(lung => lung.SignedDistance(centre) < -0.45f * radius);
            if (inLung && isFree(centre, radius) && nodules.TrueForAll(other => Vector3.Distance(other.Centre, centre) > other.RadiusMm + radius + 6))
                nodules.Add(Make(centre, radius, random));
        }

        return nodules;
    }

    private static Vector3 DrawPlace(IReadOnlyList<Solid> lungs, IReadOnlyList<Vector3> vessels, float radius, RandomStream random)
    {
        if (random.NextDouble() < 0.4)
            return vessels[random.NextInt(vessels.Count)] + random.Direction() * (radius + 1);
        var box = lungs[random.NextInt(lungs.Count)].Bounds;
        return new Vector3(
            random.Between(box.Lower.X, box.Upper.X), random.Between(box.Lower.Y, box.Upper.Y), random.Between(box.Lower.Z, box.Upper.Z));
    }

    private static Nodule Make(Vector3 centre, float radius, RandomStream random)
    {
        var shape = new Vector3(random.Between(0.85f, 1.2f), random.Between(0.85f, 1.2f), random.Between(0.85f, 1.2f));
        var axes = Frame.Along(random.Direction(), random.Direction());
        var uneven = radius * random.Between(0.05f, 0.35f);
        var solid = new Lobulated(new Ellipsoid(centre, radius * shape, axes), uneven, 0.7f * radius, random.NoiseSeed());
        var kind = random.NextDouble();
        var tissue = kind < 0.65 ? Tissue.SolidNodule : kind < 0.87 ? Tissue.PartSolidNodule : Tissue.CalcifiedNodule;
        return new Nodule(centre, radius, new Layer(solid, tissue, Structure.Nodule, OnlyInLungs: true));
    }
}
