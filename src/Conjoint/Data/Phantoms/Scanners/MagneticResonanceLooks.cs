using Conjoint.Data.Augmentation;
using Conjoint.Data.Phantoms.Anatomy;

namespace Conjoint.Data.Phantoms.Scanners;

/// <summary>Tissues in a balanced steady-state MR sequence, where blood and fat are bright; 1 is about the brightest.</summary>
internal static class MagneticResonanceLooks
{
    /// <summary>Draws the looks of one examination: contrast between the tissues depends on the sequence's timing.</summary>
    public static Appearance Draw(RandomStream random)
    {
        var blood = random.Between(0.72f, 0.95f);
        var inflow = random.Between(-0.12f, 0.06f);     // the right heart's blood may be a little darker or brighter
        var muscle = random.Between(0.24f, 0.36f);
        var fat = random.Between(0.55f, 0.95f);
        return new Appearance
        {
            Seed = random.NoiseSeed(),
            [Tissue.Air] = new(0),
            [Tissue.Skin] = new(0.5f),
            [Tissue.Fat] = new(fat, 0.05f, 14),
            [Tissue.Gland] = new(0.45f, 0.1f, 9),
            [Tissue.Muscle] = new(muscle, 0.06f, 10),
            [Tissue.VisceralFat] = new(0.9f * fat, 0.12f, 9),
            [Tissue.SoftTissue] = new(0.4f, 0.08f, 8),
            [Tissue.Lung] = new(0.06f, 0.03f, 9),
            [Tissue.GroundGlass] = new(0.15f, 0.05f, 9),
            [Tissue.Myocardium] = new(muscle + random.Between(0.02f, 0.12f), 0.05f, 9),
            [Tissue.ArterialBlood] = new(blood, 0.08f, 13),
            [Tissue.VenousBlood] = new(blood + inflow, 0.10f, 13),
            [Tissue.Liver] = new(random.Between(0.3f, 0.5f), 0.05f, 12),
            [Tissue.Spleen] = new(random.Between(0.4f, 0.6f), 0.05f, 12),
            [Tissue.StomachContent] = new(0.6f, 0.2f, 12),
            [Tissue.Fluid] = new(0.9f, 0.05f, 12),
            [Tissue.CorticalBone] = new(0.06f),
            [Tissue.SpongyBone] = new(random.Between(0.35f, 0.6f), 0.08f, 7),
            [Tissue.Cartilage] = new(0.35f, 0.05f, 8),
            [Tissue.SolidNodule] = new(0.4f),
            [Tissue.PartSolidNodule] = new(0.25f),
            [Tissue.CalcifiedNodule] = new(0.1f),
            [Tissue.TableTop] = new(0),
        };
    }
}
