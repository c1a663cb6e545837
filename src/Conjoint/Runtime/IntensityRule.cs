namespace Conjoint.Runtime;

/// <summary>By which rule intensities become values in [0, 1].</summary>
public enum IntensityRule
{
    /// <summary>Hounsfield units by a window, anything else by percentiles of its volume or image.</summary>
    Default,

    /// <summary>Everything by percentiles of its volume or image, Hounsfield units too.</summary>
    Percentile,

    /// <summary>By the window that the file states for viewing (DICOM's), as <see cref="Default"/> where it states none.</summary>
    FileWindow,

    /// <summary>
    /// released: clipped to percentiles of the volume, then ten standard deviations above the mean are 1 and the mean and all below
    /// are 0 (the rule of the authors' preprocessing, taken from Med3D's and changed).
    /// </summary>
    Released,
}
