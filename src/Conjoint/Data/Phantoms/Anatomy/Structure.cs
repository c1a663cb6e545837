namespace Conjoint.Data.Phantoms.Anatomy;

/// <summary>What a voxel belongs to; a scanner maps it to the label values of its masks.</summary>
internal enum Structure : byte
{
    /// <summary>Nothing that is labelled.</summary>
    None,

    /// <summary>Air spaces and vessels of the right lung.</summary>
    RightLung,

    /// <summary>Air spaces and vessels of the left lung.</summary>
    LeftLung,

    /// <summary>Vertebrae with their processes, and the discs between them.</summary>
    Spine,

    /// <summary>A nodule or mass in a lung.</summary>
    Nodule,

    /// <summary>What lies within the pericardium and is no chamber: grooves, atrial walls, outflow tracts.</summary>
    HeartWall,

    /// <summary>Muscle of the left ventricle.</summary>
    LeftVentricleMyocardium,

    /// <summary>Blood of the left ventricle.</summary>
    LeftVentricle,

    /// <summary>Blood of the right ventricle.</summary>
    RightVentricle,

    /// <summary>Blood of the left atrium.</summary>
    LeftAtrium,

    /// <summary>Blood of the right atrium.</summary>
    RightAtrium,

    /// <summary>The aorta, from the valve to below the diaphragm.</summary>
    Aorta,
}
