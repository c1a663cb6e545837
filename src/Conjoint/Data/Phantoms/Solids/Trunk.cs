using System.Numerics;

namespace Conjoint.Data.Phantoms.Solids;

/// <summary>One horizontal cut of a <see cref="Trunk"/>, in mm.</summary>
/// <param name="HalfWidth">Half-axis to the right.</param>
/// <param name="HalfDepth">Half-axis to the front.</param>
/// <param name="CentreY">Where the cut's middle lies, to the front.</param>
internal readonly record struct CrossSection(float HalfWidth, float HalfDepth, float CentreY);

/// <summary>A stack of rounded oblong cross-sections along the body's axis: the skin, the chest wall, the rib cage.</summary>
internal sealed class Trunk : Solid
{
    /// <summary>0 is an ellipse, 1 a rectangle; a chest is between them.</summary>
    private const float Squareness = 0.45f;

    private const float StepMm = 4;
    private const float SmallestHalfAxisMm = 0.5f;

    private readonly float _lowerZ;
    private readonly float _upperZ;
    private readonly CrossSection[] _sections;

    /// <summary>Samples the cross-sections between two heights.</summary>
    public Trunk(float lowerZ, float upperZ, Func<float, CrossSection> sectionAt)
    {
        (_lowerZ, _upperZ) = (lowerZ, upperZ);
        _sections = new CrossSection[(int)MathF.Ceiling((upperZ - lowerZ) / StepMm) + 2];
        for (var i = 0; i < _sections.Length; i++)
            _sections[i] = sectionAt(lowerZ + i * StepMm);
        var width = _sections.Max(section => section.HalfWidth);
        Bounds = new Bounds(
            new Vector3(-width, _sections.Min(section => section.CentreY - section.HalfDepth), lowerZ),
            new Vector3(width, _sections.Max(section => section.CentreY + section.HalfDepth), upperZ));
    }

    /// <inheritdoc/>
    public override Bounds Bounds { get; }

    /// <summary>The cross-section at a height, linearly between the sampled ones; the end ones beyond the ends.</summary>
    public CrossSection At(float z)
    {
        var position = Math.Clamp((z - _lowerZ) / StepMm, 0, _sections.Length - 1.001f);
        var index = (int)position;
        var part = position - index;
        var (below, above) = (_sections[index], _sections[index + 1]);
        return new CrossSection(
            below.HalfWidth + part * (above.HalfWidth - below.HalfWidth),
            below.HalfDepth + part * (above.HalfDepth - below.HalfDepth),
            below.CentreY + part * (above.CentreY - below.CentreY));
    }

    /// <summary>The same stack with every cross-section larger (or, negative, smaller) by so many mm.</summary>
    public Trunk Grow(float marginMm) => new(_lowerZ, _upperZ, z =>
    {
        var section = At(z);
        return section with
        {
            HalfWidth = MathF.Max(section.HalfWidth + marginMm, SmallestHalfAxisMm),
            HalfDepth = MathF.Max(section.HalfDepth + marginMm, SmallestHalfAxisMm),
        };
    });

    /// <inheritdoc/>
    public override float SignedDistance(Vector3 point)
    {
        var section = At(point.Z);
        var y = point.Y - section.CentreY;
        var u = point.X / section.HalfWidth;
        var v = y / section.HalfDepth;
        u *= u;
        v *= v;

        // Fernández-Guasti's squircle u² + v² − s·u²v² = 1; level is the factor by which it must grow to pass the point.
        var sum = u + v;
        var level = MathF.Sqrt((sum + MathF.Sqrt(MathF.Max(sum * sum - 4 * Squareness * u * v, 0))) / 2);
        var radial = level < 0.1f
            ? -0.9f * MathF.Min(section.HalfWidth, section.HalfDepth)
            : (1 - 1 / level) * MathF.Sqrt(point.X * point.X + y * y);
        return MathF.Max(radial, MathF.Max(_lowerZ - point.Z, point.Z - _upperZ));
    }
}
