namespace Conjoint.Data.Phantoms.Anatomy;

/// <summary>What a part of the body consists of; how bright that is depends on the scanner.</summary>
internal enum Tissue : byte
{
    /// <summary>Air around the patient, in the airways, stomach and gullet.</summary>
    Air,

    /// <summary>Skin.</summary>
    Skin,

    /// <summary>Fat under the skin and in the breast.</summary>
    Fat,

    /// <summary>Gland of the breast.</summary>
    Gland,

    /// <summary>Skeletal muscle and the diaphragm.</summary>
    Muscle,

    /// <summary>Fat of the mediastinum and about the heart and the bowels.</summary>
    VisceralFat,

    /// <summary>Soft tissue of the mediastinum: lymph nodes, gullet, walls of airways.</summary>
    SoftTissue,

    /// <summary>Lung.</summary>
    Lung,

    /// <summary>Lung half filled with fluid (ground glass).</summary>
    GroundGlass,

    /// <summary>Heart muscle.</summary>
    Myocardium,

    /// <summary>Blood of the left heart, the aorta and the lung's veins.</summary>
    ArterialBlood,

    /// <summary>Blood of the right heart, the great veins and the lung's arteries.</summary>
    VenousBlood,

    /// <summary>Liver.</summary>
    Liver,

    /// <summary>Spleen.</summary>
    Spleen,

    /// <summary>Content of the stomach.</summary>
    StomachContent,

    /// <summary>Fluid: spinal canal, pleural effusion.</summary>
    Fluid,

    /// <summary>Outer shell of bones.</summary>
    CorticalBone,

    /// <summary>Spongy inside of bones, with marrow.</summary>
    SpongyBone,

    /// <summary>Rib cartilage and intervertebral discs.</summary>
    Cartilage,

    /// <summary>A solid nodule.</summary>
    SolidNodule,

    /// <summary>A nodule that still holds air.</summary>
    PartSolidNodule,

    /// <summary>A nodule with calcium.</summary>
    CalcifiedNodule,

    /// <summary>Foam and carbon fibre of the scanner's table.</summary>
    TableTop,
}
