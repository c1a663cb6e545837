namespace Conjoint.Benchmarks.Tables;

/// <summary>The three kinds into which the paper's tables sort methods.</summary>
public enum MethodGroup
{
    /// <summary>Nets of 3D convolutions: they take volumes only.</summary>
    ThreeD,

    /// <summary>Nets of 2D convolutions: they take images, and volumes slice by slice, but give no answer for a volume as a whole.</summary>
    TwoD,

    /// <summary>The combination of both: images, slices and whole volumes.</summary>
    Joint,
}
