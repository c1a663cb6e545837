using System.Numerics;
using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Solids;

namespace Conjoint.Data.Phantoms.Anatomy;

/// <summary>The heart with its four chambers, and the great vessels.</summary>
/// <remarks>
/// The heart's own axes: first from base to apex (left, forward, down), second from the left to the right ventricle
/// (right, forward), third at right angles. All positions below are in these axes, mm from the heart's middle, before scaling.
/// </remarks>
internal sealed class Heart
{
    /// <summary>Below every scan.</summary>
    private const float LowestZ = -100;

    private static readonly Vector3 HullRadii = new(59, 46, 43);

    private readonly Build _build;
    private readonly Frame _axes;
    private readonly Vector3 _centre;
    private readonly float _scale;
    private readonly float _wallMm;
    private readonly float _fatMm;
    private readonly float _systole;
    private readonly float _atria;
    private readonly float _aortaRadius;

    /// <summary>Draws a heart that rests on the diaphragm.</summary>
    /// <param name="build">Whose it is.</param>
    /// <param name="diaphragmZ">Height of the diaphragm beneath it.</param>
    /// <param name="random">Source of its measures.</param>
    public Heart(Build build, float diaphragmZ, RandomStream random)
    {
        _build = build;
        _scale = build.HeartScale;
        // Deep breath and a slim build stand the heart upright; a high diaphragm lays it down.
        var upright = 0.35f + 0.35f * build.Inspiration + random.Between(-0.15f, 0.15f);
        var apex = Vector3.Normalize(new Vector3(-0.75f + random.Between(-0.1f, 0.1f), 0.5f + random.Between(-0.15f, 0.15f), -upright));
        _axes = Frame.Along(apex, new Vector3(0.62f, 0.72f, 0.05f));
        _centre = new Vector3(
            -20 * _scale + random.Between(-8, 8),
            0.16f * build.CageHalfDepth + random.Between(-4, 4),
            diaphragmZ + 36 * _scale);
        _wallMm = random.Between(8, 13);
        _fatMm = 1 + 7 * random.Between(0, 1) * MathF.Min(build.FatMm / 15, 1);
        _systole = random.Between(0.78f, 1);
        _atria = random.Normal(1, 0.12, 0.8, 1.3);
        _aortaRadius = 13.5f * _scale * random.Normal(1, 0.12, 0.8, 1.3);
    }

    /// <summary>Middle of the heart.</summary>
    public Vector3 Centre => _centre;

    /// <summary>Height of the aortic arch.</summary>
    private float ArchZ => _centre.Z + 82 * _scale;

    /// <summary>Where bronchi and vessels enter a lung; side +1 right, −1 left.</summary>
    public Vector3 Hilum(int side) => new(side * 40 * _scale, _centre.Y - 30 * _scale, _centre.Z + (side > 0 ? 42 : 50) * _scale);

    /// <summary>The pericardial sac.</summary>
    public Solid Hull => new Ellipsoid(_centre, HullRadii * _scale, _axes);

    /// <summary>Chambers and walls, to be painted over the lungs and the veins.</summary>
    public IEnumerable<Layer> Chambers()
    {
        yield return new Layer(new Ellipsoid(_centre, HullRadii * _scale + new Vector3(_fatMm), _axes), Tissue.VisceralFat);
        yield return new Layer(Hull, Tissue.Myocardium, Structure.HeartWall);
        yield return Chamber(new(-35, 23, -2), new Vector3(22, 20, 26) * _atria, Tissue.VenousBlood, Structure.RightAtrium);
        yield return Chamber(new(-36, -17, 4), new Vector3(21, 25, 25) * _atria, Tissue.ArterialBlood, Structure.LeftAtrium);
        yield return Chamber(new(12, 20, -1), new(41, 22, 32), Tissue.VenousBlood, Structure.RightVentricle);
        var ventricle = new Vector3(38, 21, 21) * _systole;
        yield return Chamber(new(12, -12, 0), ventricle + new Vector3(_wallMm / _scale), Tissue.Myocardium, Structure.LeftVentricleMyocardium);
        yield return Chamber(new(7, -12, 0), ventricle, Tissue.ArterialBlood, Structure.LeftVentricle);
        // Mitral and tricuspid valve plane.
        yield return Chamber(new(-18, 0, 0), new(3, 34, 24), Tissue.Myocardium, Structure.HeartWall);
    }

    /// <summary>Great veins and the pulmonary trunk, to be painted before the chambers, which cut them off.</summary>
    public IEnumerable<Layer> Veins()
    {
        var archZ = ArchZ;
        foreach (var vein in RoundCone.Path(10 * _scale, At(-38, 25, 4), new(24 * _scale, _centre.Y - 12, archZ), new(26 * _scale, _centre.Y - 8, archZ + 70)))
            yield return new Layer(vein, Tissue.VenousBlood);
        foreach (var vein in RoundCone.Path(12 * _scale, At(-38, 25, -4), new(20, _centre.Y - 32, _centre.Z - 55 * _scale), new(16, _centre.Y - 40, LowestZ)))
            yield return new Layer(vein, Tissue.VenousBlood);

        var trunkTop = new Vector3(-16 * _scale, _centre.Y - 4, _centre.Z + 48 * _scale);
        foreach (var artery in RoundCone.Path(12.5f * _scale, At(-20, 26, 18), trunkTop))
            yield return new Layer(artery, Tissue.VenousBlood);
        foreach (var side in new[] { 1, -1 })
        {
            yield return new Layer(new RoundCone(trunkTop - new Vector3(0, 12, 0), Hilum(side), 10 * _scale, 7.5f * _scale), Tissue.VenousBlood);
            yield return new Layer(new RoundCone(At(-40, -17, 4), Hilum(side) - new Vector3(0, 6, 22 * _scale), 8 * _scale, 6 * _scale), Tissue.ArterialBlood);
        }
    }

    /// <summary>The aorta from the valve over the arch to below the diaphragm, to be painted after the chambers.</summary>
    public IEnumerable<Layer> Aorta()
    {
        var archEnd = BesideSpine(ArchZ - 18);
        Vector3[] ascending = [At(-24, 0, 6), new(12 * _scale, _centre.Y + 2, _centre.Z + 45 * _scale), new(8 * _scale, _centre.Y - 8, ArchZ - 8)];
        Vector3[] arch = [ascending[^1], new(0, _centre.Y - 22, ArchZ), new(-12 * _scale, _centre.Y - 40, ArchZ - 3), archEnd];
        Vector3[] descending = [archEnd, BesideSpine(ArchZ - 60), BesideSpine(ArchZ - 110), BesideSpine(0), BesideSpine(LowestZ)];
        return RoundCone.Path(_aortaRadius, ascending)
            .Concat(RoundCone.Path(0.93f * _aortaRadius, arch))
            .Concat(RoundCone.Path(0.8f * _aortaRadius, descending))
            .Select(piece => new Layer(piece, Tissue.ArterialBlood, Structure.Aorta));
    }

    /// <summary>The descending aorta's place, left and in front of the vertebrae.</summary>
    private Vector3 BesideSpine(float z)
    {
        var (x, y) = _build.SpineAt(z);
        return new Vector3(x - 17, y + _build.VertebraHalfWidth + 6, z);
    }

    private Layer Chamber(Vector3 offset, Vector3 radii, Tissue tissue, Structure structure) =>
        new(new Ellipsoid(At(offset.X, offset.Y, offset.Z), radii * _scale, _axes), tissue, structure);

    private Vector3 At(float toApex, float toRightVentricle, float third) =>
        _centre + _axes.ToPatient(new Vector3(toApex, toRightVentricle, third)) * _scale;
}
