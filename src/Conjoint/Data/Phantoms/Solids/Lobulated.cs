using System.Numerics;

namespace Conjoint.Data.Phantoms.Solids;

/// <summary>A solid with an uneven surface: a tumour's lobes and spikes, an opacity's ragged border.</summary>
/// <param name="inner">The smooth solid.</param>
/// <param name="amplitudeMm">How far the surface leaves the smooth one at most.</param>
/// <param name="sizeMm">Width of a lobe.</param>
/// <param name="seed">Which unevenness.</param>
internal sealed class Lobulated(Solid inner, float amplitudeMm, float sizeMm, uint seed) : Solid
{
    /// <inheritdoc/>
    public override Bounds Bounds { get; } = inner.Bounds.Grow(amplitudeMm);

    /// <inheritdoc/>
    public override float SignedDistance(Vector3 point) =>
        inner.SignedDistance(point) + amplitudeMm * ValueNoise.At(point / sizeMm, seed);
}
