using Conjoint.Data.Augmentation;

namespace Conjoint.Data;

/// <summary>Crops of single slices that a batch of volumes carries beside its views.</summary>
public sealed record SliceCropSettings
{
    /// <summary>The crops of each slice.</summary>
    public required MultiCropSettings Views { get; init; }

    /// <summary>Parts into which a volume is cut, each of which gives one of its slices; at least 1.</summary>
    public required int SlicesPerVolume { get; init; }

    /// <summary>Slices with a smaller standard deviation on the [0, 1] scale are not drawn, unless the volume has no others.</summary>
    public double MinimumStd { get; init; } = SliceSamples.DefaultMinimumStd;
}
