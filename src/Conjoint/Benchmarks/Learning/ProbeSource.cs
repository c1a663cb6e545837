namespace Conjoint.Benchmarks.Learning;

/// <summary>Where a probe's features come from.</summary>
public static class ProbeSource
{
    /// <summary>Frozen encoders of all stages.</summary>
    public const string All = LearningArm.All;

    /// <summary>The frozen slice encoder of stage <c>slices</c>; a volume is the mean of its slices.</summary>
    public const string Slices = LearningArm.Slices;

    /// <summary>Encoders with random weights.</summary>
    public const string Untrained = "untrained";

    /// <summary>The pixels, on a coarse grid.</summary>
    public const string Pixels = "pixels";

    /// <summary>How often each grey value occurs.</summary>
    public const string Histogram = "histogram";

    /// <summary>Those that differ from seed to seed.</summary>
    public static IReadOnlyList<string> Encoders { get; } = [All, Slices, Untrained];

    /// <summary>Those that don't.</summary>
    public static IReadOnlyList<string> Plain { get; } = [Pixels, Histogram];
}
