namespace Conjoint.Objectives;

/// <summary>How codes are computed from scores, Eq. (2).</summary>
public sealed record SinkhornSettings
{
    /// <summary>Entropy weight ε of Eq. (2); above 0, smaller gives sharper codes.</summary>
    public double Epsilon { get; init; } = 0.05;   // SwAV; the paper names no value

    /// <summary>Rounds of row and column scaling; at least 1.</summary>
    public int Iterations { get; init; } = 3;      // SwAV
}
