using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Anatomy;

namespace Conjoint.Data.Phantoms.Scanners;

/// <summary>Tissues in Hounsfield units.</summary>
internal static class HounsfieldLooks
{
    /// <summary>Draws the looks of one examination: state of the lungs and bones, and contrast medium or none.</summary>
    /// <param name="inspiration">How deeply the patient has breathed in, 0..1: air makes the lungs darker.</param>
    /// <param name="random">Source of the draws.</param>
    public static Appearance Draw(float inspiration, RandomStream random)
    {
        var lung = -715 - 140 * inspiration + random.Between(-30, 30);
        var spongy = random.Between(110, 290);          // weak to dense bones
        var cortical = spongy + random.Between(260, 420);
        var (arterial, venous) = Contrast(random);
        // Muscle, liver and spleen take up some of the contrast medium.
        var uptake = 0.25f * (venous - 42);
        var muscle = random.Between(46, 62);
        return new Appearance
        {
            Seed = random.NoiseSeed(),
            [Tissue.Air] = new(-1000),
            [Tissue.Skin] = new(20),
            [Tissue.Fat] = new(-105, 12, 14),
            [Tissue.Gland] = new(15, 45, 9),
            [Tissue.Muscle] = new(muscle, 22, 11),
            [Tissue.VisceralFat] = new(-95, 30, 9),
            [Tissue.SoftTissue] = new(38, 25, 8),
            [Tissue.Lung] = new(lung, random.Between(40, 110), random.Between(9, 22)),
            [Tissue.GroundGlass] = new(random.Between(-560, -330), 170, 12),
            [Tissue.Myocardium] = new(48 + 0.35f * (arterial - 42), 10, 10),
            [Tissue.ArterialBlood] = new(arterial, 6, 12),
            [Tissue.VenousBlood] = new(venous, 6, 12),
            [Tissue.Liver] = new(random.Between(42, 64) + uptake, 10, 16),
            [Tissue.Spleen] = new(48 + 1.2f * uptake, 8, 14),
            [Tissue.StomachContent] = new(25, 40, 14),
            [Tissue.Fluid] = new(8, 8, 14),
            [Tissue.CorticalBone] = new(cortical, 90, 6),
            [Tissue.SpongyBone] = new(spongy, 60, 6),
            [Tissue.Cartilage] = new(95, 25, 8),
            [Tissue.SolidNodule] = new(random.Between(10, 60), 30, 6),
            [Tissue.PartSolidNodule] = new(random.Between(-320, -120), 150, 8),
            [Tissue.CalcifiedNodule] = new(random.Between(150, 380), 110, 6),
            [Tissue.TableTop] = new(-780, 60, 8),
        };
    }

    /// <summary>Blood of the left and of the right heart: half of the patients without contrast medium, then venous, then arterial phase.</summary>
    private static (float Arterial, float Venous) Contrast(RandomStream random)
    {
        var phase = random.NextDouble();
        if (phase < 0.5)
        {
            var plain = random.Between(36, 48);
            return (plain, plain);
        }

        return phase < 0.78
            ? (random.Between(110, 160), random.Between(105, 155))
            : (random.Between(210, 340), random.Between(120, 300));
    }
}
