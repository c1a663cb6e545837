using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Solids;

namespace Conjoint.Data.Phantoms.Anatomy;

/// <summary>
/// A person's build: the measures, in mm, from which everything else follows. The frame is RAS+ with the origin in the
/// midline, halfway between breastbone and spine, at the height of the lungs' base.
/// </summary>
internal sealed record Build
{
    /// <summary>Half the width of the rib cage, inside the ribs.</summary>
    public required float CageHalfWidth { get; init; }

    /// <summary>Half the depth of the rib cage, inside the ribs.</summary>
    public required float CageHalfDepth { get; init; }

    /// <summary>From the lungs' base to their apex.</summary>
    public required float LungHeight { get; init; }

    /// <summary>Muscle between ribs and fat.</summary>
    public required float MuscleMm { get; init; }

    /// <summary>Fat under the skin.</summary>
    public required float FatMm { get; init; }

    /// <summary>How deeply the person has breathed in, 0..1: flattens the diaphragm and fills the lungs.</summary>
    public required float Inspiration { get; init; }

    /// <summary>Size of heart and vessels against the average.</summary>
    public required float HeartScale { get; init; }

    /// <summary>Half the width of the vertebral bodies.</summary>
    public required float VertebraHalfWidth { get; init; }

    /// <summary>Sideways bend of the spine: its largest distance from the midline.</summary>
    public required float ScoliosisMm { get; init; }

    /// <summary>Where along the spine the bend lies, radians.</summary>
    public required float ScoliosisPhase { get; init; }

    /// <summary>Whether there is a female breast.</summary>
    public required bool HasBreasts { get; init; }

    /// <summary>Draws a person.</summary>
    public static Build Draw(RandomStream random)
    {
        var size = random.Normal(1.0, 0.055, 0.88, 1.13);
        return new Build
        {
            CageHalfWidth = 127 * size * random.Normal(1, 0.05, 0.9, 1.1),
            CageHalfDepth = 84 * size * random.Normal(1, 0.09, 0.82, 1.2),    // flat to barrel-shaped chests
            LungHeight = 212 * size * random.Normal(1, 0.05, 0.9, 1.1),
            MuscleMm = random.Between(9, 18),
            FatMm = 5 + 26 * MathF.Pow(random.Between(0, 1), 1.6f),           // many slim, few stout
            Inspiration = random.Between(0.1f, 1),
            HeartScale = size * random.Normal(1, 0.10, 0.82, 1.25),
            VertebraHalfWidth = 18 * size * random.Normal(1, 0.06, 0.88, 1.15),
            ScoliosisMm = 16 * MathF.Pow(random.Between(0, 1), 1.5f),
            ScoliosisPhase = random.Between(0, 2 * MathF.PI),
            HasBreasts = random.NextDouble() < 0.5,
        };
    }

    /// <summary>The inside of the rib cage, from the belly to above the lungs' apex.</summary>
    public Trunk Cage() => new(-110, 1.1f * LungHeight, CageSection);

    /// <summary>The skin.</summary>
    public Trunk Skin() => new(-110, 1.45f * LungHeight, SkinSection);

    /// <summary>Middle of the vertebral bodies at a height.</summary>
    public (float X, float Y) SpineAt(float z)
    {
        var cage = CageSection(Math.Min(z, LungHeight));
        var x = ScoliosisMm * MathF.Sin(2 * MathF.PI * z / (1.5f * LungHeight) + ScoliosisPhase);
        return (x, cage.CentreY - cage.HalfDepth + 0.55f * VertebraHalfWidth);
    }

    private CrossSection CageSection(float z)
    {
        // Widest in its lower quarter, narrow at the first rib, whose half-width is about half the largest.
        var rise = Math.Clamp((z / LungHeight - 0.25f) / 0.87f, 0, 0.985f);
        var narrowing = MathF.Sqrt(1 - rise * rise);
        var depth = CageHalfDepth * MathF.Pow(narrowing, 0.8f);
        // The back stays nearly upright, so the front falls back as the cage narrows.
        return new CrossSection(CageHalfWidth * narrowing, depth, -0.65f * (CageHalfDepth - depth));
    }

    private CrossSection SkinSection(float z)
    {
        var height = z / LungHeight;
        var wall = MuscleMm + FatMm;
        var waist = 1 - 0.06f * Step(0.1f, -0.4f, height);
        var shoulders = 1 + 0.10f * Step(0.65f, 0.95f, height);
        var neck = Step(1.0f, 1.25f, height);
        var halfWidth = (CageHalfWidth + wall + 6) * waist * shoulders * (1 - neck) + (62 + FatMm / 2) * neck;
        var front = (CageHalfDepth + 0.55f * MuscleMm + 0.8f * FatMm) * (1 - 0.18f * Step(0.55f, 1.0f, height));
        // The long back muscles and the spinous processes need more room behind.
        var back = CageHalfDepth + 20 + MuscleMm + FatMm;
        var depth = (front + back) / 2 * (1 - neck) + 66 * neck;
        return new CrossSection(halfWidth, depth, (front - back) / 2 - 12 * neck);
    }

    /// <summary>0 at <paramref name="from"/>, 1 at <paramref name="to"/>, smooth between.</summary>
    private static float Step(float from, float to, float value)
    {
        var part = Math.Clamp((value - from) / (to - from), 0, 1);
        return part * part * (3 - 2 * part);
    }
}
