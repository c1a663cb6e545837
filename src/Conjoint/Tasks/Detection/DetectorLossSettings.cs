using Conjoint.Nets.Detection;

namespace Conjoint.Tasks.Detection;

/// <summary>Which anchors and regions a detector learns from; defaults are torchvision's.</summary>
public sealed record DetectorLossSettings
{
    /// <summary>Which anchors are something.</summary>
    public AnchorMatcher AnchorMatcher { get; init; } = new();

    /// <summary>Anchors of an image that count in a step.</summary>
    public int Anchors { get; init; } = 256;

    /// <summary>At most this share of them are something.</summary>
    public double PositiveAnchors { get; init; } = 0.5;

    /// <summary>Which regions are something.</summary>
    public AnchorMatcher RegionMatcher { get; init; } = new() { High = 0.5, Low = 0.5, AllowsLowQuality = false };

    /// <summary>Regions of an image that count in a step.</summary>
    public int Regions { get; init; } = 512;

    /// <summary>At most this share of them are something.</summary>
    public double PositiveRegions { get; init; } = 0.25;
}
