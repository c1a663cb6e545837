namespace Conjoint.Objectives;

/// <summary>How DeepCluster-v2 clusters its memory bank.</summary>
public sealed record SphericalKMeansSettings
{
    /// <summary>Rounds of assignment and mean; one more assignment follows. At least 1.</summary>
    public int Iterations { get; init; } = 10;   // DeepCluster-v2
}
