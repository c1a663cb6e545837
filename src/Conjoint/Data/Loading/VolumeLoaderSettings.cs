using Conjoint.Runtime;

namespace Conjoint.Data;

/// <summary>How batches of volumes are made.</summary>
public sealed record VolumeLoaderSettings : LoaderSettings
{
    /// <summary>Rows and columns S of a slice for the nets.</summary>
    public int Size { get; init; } = 128;

    /// <summary>How a volume comes to this size.</summary>
    public SliceFit Fit { get; init; } = SliceFit.Resize;

    /// <summary>Slices of a volume at most; a longer one gives a random run of neighbours, drawn anew each time. With <see cref="SliceFit.CropOrPad"/>: exactly so many.</summary>
    public int MaxSlices { get; init; } = 64;

    /// <summary>
    /// Whether the transforms see the volume's spacing in mm, as TorchIO does with scans; otherwise 1 mm everywhere, as the
    /// released code does with its arrays.
    /// </summary>
    public bool RealSpacing { get; init; } = true;
}
