using System.Numerics;
using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Solids;

namespace Conjoint.Data.Phantoms.Anatomy;

/// <summary>The branching vessels of a lung, with bronchi beside the first of them.</summary>
internal sealed class LungVessels
{
    private const int Generations = 6;
    private const int GenerationsWithBronchus = 2;

    private readonly RandomStream _random;
    private readonly List<Layer> _layers = [];
    private readonly List<Vector3> _branchPoints = [];

    /// <summary>Grows the vessels from the hilum into the lung.</summary>
    /// <param name="hilum">Where they enter.</param>
    /// <param name="side">+1 right, −1 left.</param>
    /// <param name="reachMm">From the hilum to the farthest twigs, about.</param>
    /// <param name="random">Source of the branching.</param>
    public LungVessels(Vector3 hilum, int side, float reachMm, RandomStream random)
    {
        _random = random;
        // Upper, middle and lower lobe, each to the front and to the back.
        Vector3[] lobes =
        [
            new(0.5f * side, 0.25f, 1), new(0.7f * side, -0.5f, 0.7f), new(side, 0.6f, 0), new(side, -0.35f, -0.1f),
            new(0.6f * side, 0.3f, -1), new(0.5f * side, -0.7f, -0.9f),
        ];
        foreach (var lobe in lobes)
            Grow(hilum, Vector3.Normalize(lobe + 0.3f * random.Direction()), 0.3f * reachMm, random.Between(4.2f, 5.6f), 0);
    }

    /// <summary>Vessels and bronchi, to be cut off at the lung's surface.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>Where vessels fork: nodules like to sit beside them.</summary>
    public IReadOnlyList<Vector3> BranchPoints => _branchPoints;

    private void Grow(Vector3 start, Vector3 direction, float lengthMm, float radiusMm, int generation)
    {
        var end = start + direction * lengthMm * _random.Between(0.75f, 1.2f);
        var tissue = _random.NextDouble() < 0.5 ? Tissue.VenousBlood : Tissue.ArterialBlood;
        _layers.Add(new Layer(new RoundCone(start, end, radiusMm, 0.8f * radiusMm), tissue, Structure: null, OnlyInLungs: true));
        _branchPoints.Add(end);
        if (generation < GenerationsWithBronchus)
            AddBronchus(start, end, radiusMm);
        if (generation + 1 == Generations)
            return;

        // Forks open by about 35° to each side, in a plane of their own.
        var aside = Vector3.Normalize(Vector3.Cross(direction, _random.Direction()));
        foreach (var sign in new[] { 1f, -1f })
        {
            var branch = Vector3.Normalize(direction + sign * _random.Between(0.4f, 0.9f) * aside);
            Grow(end, branch, 0.78f * lengthMm, 0.78f * radiusMm, generation + 1);
        }
    }

    private void AddBronchus(Vector3 start, Vector3 end, float vesselRadiusMm)
    {
        var beside = new Vector3(0, 1.7f * vesselRadiusMm, 0.5f * vesselRadiusMm);
        _layers.Add(new Layer(new RoundCone(start + beside, end + beside, 0.95f * vesselRadiusMm, 0.75f * vesselRadiusMm), Tissue.SoftTissue, null, true));
        _layers.Add(new Layer(new RoundCone(start + beside, end + beside, 0.65f * vesselRadiusMm, 0.45f * vesselRadiusMm), Tissue.Air, null, true));
    }
}
