using Conjoint.Nets;
using Conjoint.Runtime.Settings;
using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Segmentation;

/// <summary>How a segmenter is trained from cases with masks.</summary>
public sealed record SegmentationSettings : FineTuneSettings
{
    /// <summary>Whether the test scores hold HD95 and ASSD too.</summary>
    public bool SurfaceDistances { get; init; } = true;

    /// <summary>
    /// Channels that a net sees together, by their names in the store: <c>[flair, t1, t1ce, t2]</c>. Empty: the image that has the mask, alone.
    /// </summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>
    /// Whether what the volume encoder says about each slice among its neighbours is added to the deepest map of the U-Net. Ours; a batch is a run of slices of one volume then.
    /// </summary>
    public bool VolumeContext { get; init; } // paper: every slice alone

    /// <summary>The volume encoder of <see cref="VolumeContext"/> where the weights don't say.</summary>
    public VolumeEncoderSettings VolumeEncoder { get; init; } = new();

    /// <inheritdoc/>
    public override IEnumerable<SettingsProblem> Problems() => Channels.Distinct(StringComparer.OrdinalIgnoreCase).Count() == Channels.Count
        ? base.Problems()
        : [.. base.Problems(), new SettingsProblem("channels", $"received [{string.Join(", ", Channels)}]; expected each name once")];
}
