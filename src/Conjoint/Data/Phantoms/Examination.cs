namespace Conjoint.Data.Phantoms;

/// <summary>Branches of the random stream, so that no draw of one thing shifts those of another.</summary>
internal enum Examination
{
    /// <summary>Anatomy of the chest clinic's patients.</summary>
    ChestAnatomy,

    /// <summary>Anatomy of the heart clinic's patients.</summary>
    CardiacAnatomy,

    /// <summary>A CT scan.</summary>
    ComputedTomography,

    /// <summary>An MR scan.</summary>
    MagneticResonance,

    /// <summary>A radiograph.</summary>
    Radiography,
}
