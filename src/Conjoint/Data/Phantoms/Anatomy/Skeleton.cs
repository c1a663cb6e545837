using System.Numerics;
using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Solids;

namespace Conjoint.Data.Phantoms.Anatomy;

/// <summary>Spine, ribs, breastbone, shoulder blades and collarbones.</summary>
internal sealed class Skeleton(Build build, Trunk cage, RandomStream random)
{
    private const int RibPairs = 11;
    private const int PiecesPerRib = 14;

    private readonly float _vertebraSpacingMm = build.LungHeight / 9.2f;    // nine vertebrae and a bit along the lungs
    private readonly float _ribDropMm = random.Between(45, 75);
    private readonly float _ribRadiusMm = random.Between(4.2f, 5.6f);
    private readonly float _corticalMm = random.Between(1.2f, 2.6f);

    /// <summary>Vertebrae, discs and the spinal canal.</summary>
    public IEnumerable<Layer> Spine()
    {
        var lowest = -4;
        for (var level = lowest; level < 14; level++)
        {
            var z = level * _vertebraSpacingMm;
            // Bodies grow from the neck downwards.
            var halfWidth = build.VertebraHalfWidth * (1.1f - 0.3f * Math.Clamp(z / build.LungHeight, 0, 1.2f));
            foreach (var layer in Vertebra(z, halfWidth))
                yield return layer;
        }
    }

    /// <summary>Ribs with their cartilage, from the second pair of vertebrae upwards.</summary>
    public IEnumerable<Layer> Ribs()
    {
        for (var rib = 0; rib < RibPairs; rib++)
        {
            foreach (var side in new[] { 1, -1 })
            {
                foreach (var layer in Rib((rib - 1) * _vertebraSpacingMm + random.Between(-2, 2), side))
                    yield return layer;
            }
        }
    }

    /// <summary>Breastbone, shoulder blades and collarbones.</summary>
    public IEnumerable<Layer> FrontAndShoulders()
    {
        var height = build.LungHeight;
        foreach (var piece in RoundCone.Path(8, OnFront(0, 0.32f * height), OnFront(0, 0.6f * height), OnFront(0, 0.86f * height)))
            yield return new Layer(piece, Tissue.SpongyBone);
        foreach (var side in new[] { 1, -1 })
        {
            var shoulder = new Vector3(side * (build.CageHalfWidth + 8), -20, 1.02f * height);
            var middle = new Vector3(side * 0.5f * build.CageHalfWidth, OnFront(0, 0.9f * height).Y - 4, 0.99f * height);
            foreach (var piece in RoundCone.Path(5.5f, OnFront(side * 16, 0.9f * height), middle, shoulder))
                yield return new Layer(piece, Tissue.CorticalBone);

            var blade = new Vector3(side * 0.74f * build.CageHalfWidth, -0.86f * build.CageHalfDepth - 9, random.Between(0.66f, 0.74f) * height);
            // The outer edge lies further forward than the inner one.
            var turned = Frame.TurnedAboutSuperior(side * random.Between(0.45f, 0.7f));
            yield return new Layer(new Ellipsoid(blade, new Vector3(40, 12, 66), turned), Tissue.Muscle);
            yield return new Layer(new Ellipsoid(blade, new Vector3(36, 4, 58), turned), Tissue.CorticalBone);
        }
    }

    private IEnumerable<Layer> Vertebra(float z, float halfWidth)
    {
        var (x, y) = build.SpineAt(z);
        Vector3 At(float right, float back, float up) => new(x + right * halfWidth, y - back * halfWidth, z + up * halfWidth);
        var halfDepth = 0.78f * halfWidth;
        var halfHeight = 0.41f * _vertebraSpacingMm;

        var (discX, discY) = build.SpineAt(z + _vertebraSpacingMm / 2);
        var disc = new Vector3(0.92f * halfWidth, 0.92f * halfDepth, 0.2f * _vertebraSpacingMm);
        yield return new Layer(new EllipticDisc(new Vector3(discX, discY, z + _vertebraSpacingMm / 2), disc, 2), Tissue.Cartilage, Structure.Spine);
        yield return new Layer(new EllipticDisc(At(0, 0, 0), new Vector3(halfWidth, halfDepth, halfHeight), 3), Tissue.CorticalBone, Structure.Spine);
        var inside = new Vector3(halfWidth - _corticalMm, halfDepth - _corticalMm, halfHeight - _corticalMm);
        yield return new Layer(new EllipticDisc(At(0, 0, 0), inside, 3), Tissue.SpongyBone, Structure.Spine);

        var canal = new Vector3(0.5f * halfWidth, 0.45f * halfWidth, 0.51f * _vertebraSpacingMm);
        yield return new Layer(new EllipticDisc(At(0, 1.25f, 0), canal, 1), Tissue.Fluid);
        foreach (var side in new[] { 1, -1 })
        {
            foreach (var lamina in RoundCone.Path(0.24f * halfWidth, At(side * 0.65f, 0.75f, 0.1f), At(side * 0.8f, 1.35f, 0.1f), At(0, 1.95f, -0.1f)))
                yield return new Layer(lamina, Tissue.CorticalBone, Structure.Spine);
            yield return new Layer(
                new RoundCone(At(side * 0.8f, 1.35f, 0.1f), At(side * 1.9f, 1.85f, 0.2f), 0.28f * halfWidth, 0.24f * halfWidth), Tissue.SpongyBone, Structure.Spine);
        }

        yield return new Layer(new RoundCone(At(0, 1.95f, -0.1f), At(0, 2.9f, -0.7f), 0.26f * halfWidth, 0.2f * halfWidth), Tissue.SpongyBone, Structure.Spine);
    }

    /// <summary>From the vertebra round the cage to the front, falling, then as cartilage up to the breastbone.</summary>
    private IEnumerable<Layer> Rib(float z, int side)
    {
        var (spineX, _) = build.SpineAt(z);
        var previous = Vector3.Zero;
        for (var piece = 0; piece <= PiecesPerRib; piece++)
        {
            var round = piece / (float)PiecesPerRib;                 // 0 at the spine, 1 at the breastbone
            var (sine, cosine) = MathF.SinCos(MathF.PI * (0.06f + 0.9f * round));
            var fall = round < 0.8f ? MathF.Pow(round / 0.8f, 1.2f) : 1 - 1.6f * (round - 0.8f);
            var height = z - _ribDropMm * fall;
            var section = cage.At(height);
            var point = new Vector3(
                side * (section.HalfWidth + 3) * sine + spineX * (1 - round) * (1 - round),
                section.CentreY - (section.HalfDepth + 4) * cosine,
                height);
            if (piece > 0)
                yield return new Layer(new RoundCone(previous, point, _ribRadiusMm, _ribRadiusMm), round > 0.78f ? Tissue.Cartilage : Tissue.CorticalBone);
            previous = point;
        }
    }

    private Vector3 OnFront(float x, float z)
    {
        var section = cage.At(z);
        return new Vector3(x, section.CentreY + section.HalfDepth + 6, z);
    }
}
