using System.Numerics;
using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Solids;

namespace Conjoint.Data.Phantoms.Anatomy;

/// <summary>One person's chest: the layers of which it is made, in the order in which they are painted.</summary>
/// <remarks>The same chest can be seen by every scanner; that keeps a person's CT and radiograph true to each other.</remarks>
internal sealed class Thorax
{
    private const float SkinMm = 2;
    private const float RibThicknessMm = 9;

    private readonly RandomStream _random;
    private readonly Trunk _skin;
    private readonly Trunk _cage;
    private readonly LungSolid[] _lungs;
    private readonly List<Vector3> _vesselForks = [];
    private Solid? _effusion;

    private Thorax(RandomStream random, int noduleCount)
    {
        _random = random;
        Build = Build.Draw(random);
        (_skin, _cage) = (Build.Skin(), Build.Cage());

        // Breathing in flattens the domes; the liver holds the right one higher.
        var rightDomeZ = 62 - 34 * Build.Inspiration + random.Between(-8, 8);
        var leftDomeZ = rightDomeZ - random.Between(4, 22);
        _lungs = [DrawLung(+1, rightDomeZ), DrawLung(-1, leftDomeZ)];
        Heart = new Heart(Build, leftDomeZ - 4, random);
        var skeleton = new Skeleton(Build, _cage, random);

        var layers = new List<Layer>();
        layers.AddRange(BodyWall());
        layers.AddRange(Abdomen.Draw(Build, rightDomeZ, leftDomeZ, random));
        layers.AddRange(Lungs());
        Layer[] mediastinum = [.. Mediastinum(), .. Heart.Veins(), .. Heart.Chambers(), .. Heart.Aorta(), .. Airways(), .. skeleton.Spine()];
        Nodules = Nodule.Draw(noduleCount, _lungs, _vesselForks, (centre, radius) => IsFree(centre, radius, mediastinum), random);
        layers.AddRange(Nodules.Select(nodule => nodule.Layer));
        layers.AddRange(mediastinum);
        layers.AddRange(skeleton.Ribs());
        layers.AddRange(skeleton.FrontAndShoulders());
        Layers = layers;
    }

    /// <summary>The person's measures.</summary>
    public Build Build { get; }

    /// <summary>The heart, for scanners that aim at it.</summary>
    public Heart Heart { get; }

    /// <summary>All parts, in painting order.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The nodules among the layers.</summary>
    public IReadOnlyList<Nodule> Nodules { get; }

    /// <summary>Half the width of the body with its skin.</summary>
    public float BodyHalfWidth => _skin.Bounds.Upper.X;

    /// <summary>Half the depth of the body with its skin.</summary>
    public float BodyHalfDepth => (_skin.Bounds.Upper.Y - _skin.Bounds.Lower.Y) / 2;

    /// <summary>The body's middle between front and back.</summary>
    public float BodyCentreY => (_skin.Bounds.Upper.Y + _skin.Bounds.Lower.Y) / 2;

    /// <summary>Draws a person.</summary>
    /// <param name="random">Source of all measures; the same stream gives the same person.</param>
    /// <param name="noduleCount">How many nodules to place in the lungs.</param>
    public static Thorax Draw(RandomStream random, int noduleCount) => new(random, noduleCount);

    private LungSolid DrawLung(int side, float domeZ) => new(_cage, new LungShape
    {
        Side = side,
        DomeZ = domeZ,
        DomeDrop = _random.Between(20, 38),
        DomeOffset = 0.47f * Build.CageHalfWidth,
        DomeRadius = _random.Between(0.54f, 0.62f) * Build.CageHalfWidth,
        HilumOffset = 27 * Build.HeartScale + _random.Between(-3, 6),
        JunctionOffset = _random.Between(4, 12),
        WallMm = _random.Between(2, 5),
    });

    private IEnumerable<Layer> BodyWall()
    {
        yield return new Layer(_skin, Tissue.Skin);
        var fat = _skin.Grow(-SkinMm);
        if (Build.HasBreasts)
        {
            foreach (var layer in Breasts())
                yield return layer;
        }

        yield return new Layer(fat, Tissue.Fat);
        yield return new Layer(_skin.Grow(-SkinMm - Build.FatMm), Tissue.Muscle);
        yield return new Layer(_cage.Grow(RibThicknessMm), Tissue.Muscle);
        yield return new Layer(_cage, Tissue.VisceralFat);
    }

    private IEnumerable<Layer> Breasts()
    {
        var size = _random.Between(0.7f, 1.15f);
        var z = _random.Between(0.38f, 0.5f) * Build.LungHeight;
        foreach (var side in new[] { 1, -1 })
        {
            var centre = new Vector3(side * 0.56f * Build.CageHalfWidth, 0.88f * _skin.Bounds.Upper.Y, z);
            yield return new Layer(new Ellipsoid(centre, new Vector3(58, 36, 56) * size), Tissue.Skin);
            yield return new Layer(new Ellipsoid(centre, new Vector3(58, 36, 56) * size - new Vector3(SkinMm)), Tissue.Fat);
            yield return new Layer(new Ellipsoid(centre + new Vector3(0, 10, 0) * size, new Vector3(34, 22, 32) * size), Tissue.Gland);
        }
    }

    private IEnumerable<Layer> Lungs()
    {
        yield return new Layer(_lungs[0], Tissue.Lung, Structure.RightLung);
        yield return new Layer(_lungs[1], Tissue.Lung, Structure.LeftLung);
        foreach (var layer in Opacities())
            yield return layer;
        foreach (var side in new[] { 1, -1 })
        {
            var vessels = new LungVessels(Heart.Hilum(side), side, 0.55f * Build.LungHeight, _random);
            _vesselForks.AddRange(vessels.BranchPoints);
            foreach (var layer in vessels.Layers)
                yield return layer;
        }

        // A quarter of the people have fluid behind one lung; it is no longer lung.
        if (_random.NextDouble() >= 0.25)
            yield break;
        var lung = _lungs[_random.NextInt(_lungs.Length)];
        var level = -Build.CageHalfDepth + _random.Between(18, 48);
        _effusion = new HalfSpace(
            new Vector3(0, level, 0), Vector3.Normalize(new Vector3(0, 1, 0.25f)), lung.Bounds with { Upper = lung.Bounds.Upper with { Z = 0.75f * Build.LungHeight } });
        yield return new Layer(_effusion, Tissue.Fluid, Structure.None, OnlyInLungs: true);
    }

    /// <summary>Ground glass, as after a viral infection, in a third of the people.</summary>
    private IEnumerable<Layer> Opacities()
    {
        if (_random.NextDouble() >= 0.35)
            yield break;
        var count = 1 + _random.NextInt(5);
        for (var i = 0; i < count; i++)
        {
            var box = _lungs[_random.NextInt(_lungs.Length)].Bounds;
            var centre = new Vector3(
                _random.Between(box.Lower.X, box.Upper.X), _random.Between(box.Lower.Y, 0), _random.Between(0, 0.8f * Build.LungHeight));
            var patch = new Ellipsoid(centre, new Vector3(_random.Between(14, 36), _random.Between(12, 30), _random.Between(14, 36)));
            yield return new Layer(new Lobulated(patch, 9, 14, _random.NoiseSeed()), Tissue.GroundGlass, Structure: null, OnlyInLungs: true);
        }
    }

    private IEnumerable<Layer> Mediastinum()
    {
        // Thymus, lymph nodes and vessels too small to name, about the trachea.
        var middle = new Vector3(0, Heart.Centre.Y - 22, Heart.Centre.Z + 65);
        yield return new Layer(new Lobulated(new Ellipsoid(middle, new Vector3(22, 26, 62)), 8, 14, _random.NoiseSeed()), Tissue.SoftTissue);
        var gullet = _random.Between(6, 9);
        Vector3[] course = [.. Enumerable.Range(-3, 12).Select(step => BeforeSpine(step * Build.LungHeight / 7))];
        foreach (var piece in RoundCone.Path(gullet, course))
            yield return new Layer(piece, Tissue.SoftTissue);
        if (_random.NextDouble() < 0.3)
        {
            foreach (var piece in RoundCone.Path(0.45f * gullet, course[7..]))
                yield return new Layer(piece, Tissue.Air);
        }
    }

    private IEnumerable<Layer> Airways()
    {
        var radius = _random.Between(7.5f, 10);
        var carina = new Vector3(2, Heart.Centre.Y - 32, Heart.Centre.Z + 62 * Build.HeartScale);
        var top = BeforeSpine(1.3f * Build.LungHeight) + new Vector3(0, 14, 0);
        foreach (var (grow, tissue) in new[] { (1.8f, Tissue.SoftTissue), (0f, Tissue.Air) })
        {
            yield return new Layer(new RoundCone(top, carina, radius + grow, radius + grow), tissue);
            foreach (var side in new[] { 1, -1 })
                yield return new Layer(new RoundCone(carina, Heart.Hilum(side), 0.75f * radius + grow, 0.6f * radius + grow), tissue);
        }
    }

    private Vector3 BeforeSpine(float z)
    {
        var (x, y) = Build.SpineAt(z);
        return new Vector3(x + 2, y + Build.VertebraHalfWidth + 5, z);
    }

    /// <summary>Whether a nodule would lie well above the domes and below the apex, and clear of what is painted after it.</summary>
    private bool IsFree(Vector3 centre, float radius, Layer[] mediastinum) =>
        centre.Z > 0.2f * Build.LungHeight && centre.Z < 0.86f * Build.LungHeight
        && (_effusion is null || _effusion.SignedDistance(centre) > radius)
        && Array.TrueForAll(mediastinum, layer => layer.Solid.SignedDistance(centre) > 0.8f * radius);
}
