using System.Numerics;

namespace Conjoint.Data.Phantoms.Solids;

/// <summary>Measures of one lung in mm.</summary>
internal sealed record LungShape
{
    /// <summary>+1 for the right lung, −1 for the left.</summary>
    public required int Side { get; init; }

    /// <summary>Height of the top of the diaphragm's dome.</summary>
    public required float DomeZ { get; init; }

    /// <summary>How far the dome's edge (the costophrenic angle) lies below its top.</summary>
    public required float DomeDrop { get; init; }

    /// <summary>Distance of the dome's top from the midline.</summary>
    public required float DomeOffset { get; init; }

    /// <summary>Half-width of the dome, along the patient's width and depth.</summary>
    public required float DomeRadius { get; init; }

    /// <summary>Distance of the lung's inner face from the midline at the hilum.</summary>
    public required float HilumOffset { get; init; }

    /// <summary>Distance of the lung's inner face from the midline in front of and behind the mediastinum.</summary>
    public required float JunctionOffset { get; init; }

    /// <summary>Thickness of pleura and muscle between lung and rib cage.</summary>
    public required float WallMm { get; init; }
}

/// <summary>A lung: the rib cage's half, cut off by the mediastinum and by the dome of the diaphragm.</summary>
internal sealed class LungSolid(Trunk cage, LungShape shape) : Solid
{
    private const float EdgeRoundingMm = 8;

    /// <summary>Half the depth of the mediastinum, over which the inner face bulges to the side.</summary>
    private const float MediastinumHalfDepthMm = 38;

    /// <summary>The diaphragm's slope makes vertical distance an overestimate; this is the mean cosine.</summary>
    private const float DomeCosine = 0.8f;

    /// <inheritdoc/>
    public override Bounds Bounds { get; } = shape.Side > 0
        ? cage.Bounds with { Lower = new Vector3(0, cage.Bounds.Lower.Y, shape.DomeZ - 4 * shape.DomeDrop) }
        : new Bounds(
            cage.Bounds.Lower with { Z = shape.DomeZ - 4 * shape.DomeDrop },
            cage.Bounds.Upper with { X = 0 });

    /// <summary>Height of the diaphragm under a point.</summary>
    public float DiaphragmZ(float x, float y)
    {
        var across = (shape.Side * x - shape.DomeOffset) / shape.DomeRadius;
        var along = (y - 5) / shape.DomeRadius;
        // The gutter behind the liver and spleen reaches deeper than the one in front.
        var behind = MathF.Max(-along, 0);
        return shape.DomeZ - shape.DomeDrop * (across * across + along * along + behind * behind * behind);
    }

    /// <inheritdoc/>
    public override float SignedDistance(Vector3 point)
    {
        var fromWall = cage.SignedDistance(point) + shape.WallMm;
        var depth = point.Y / MediastinumHalfDepthMm;
        var innerFace = shape.JunctionOffset + (shape.HilumOffset - shape.JunctionOffset) * MathF.Exp(-depth * depth);
        var fromMediastinum = innerFace - shape.Side * point.X;
        var fromDiaphragm = (DiaphragmZ(point.X, point.Y) - point.Z) * DomeCosine;
        return SmoothMax(SmoothMax(fromWall, fromMediastinum, EdgeRoundingMm), fromDiaphragm, EdgeRoundingMm / 2);
    }
}
