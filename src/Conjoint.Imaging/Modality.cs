namespace Conjoint.Imaging;

/// <summary>How an image was made, as far as it is known; decides the default intensity normalisation.</summary>
public enum Modality
{
    /// <summary>Not stated.</summary>
    Unknown,

    /// <summary>Computed tomography; values are Hounsfield units.</summary>
    CT,

    /// <summary>Magnetic resonance; values have no unit.</summary>
    MR,

    /// <summary>Projection radiography (X-ray).</summary>
    XRay,

    /// <summary>Anything else.</summary>
    Other,
}
