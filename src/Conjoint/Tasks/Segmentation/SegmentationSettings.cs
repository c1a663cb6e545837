using Conjoint.Tasks.FineTuning;

namespace Conjoint.Tasks.Segmentation;

/// <summary>How a segmenter is trained from cases with masks.</summary>
public sealed record SegmentationSettings : FineTuneSettings
{
    /// <summary>Whether the test scores hold HD95 and ASSD too.</summary>
    public bool SurfaceDistances { get; init; } = true;
}
