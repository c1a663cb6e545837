using Conjoint.Objectives;
using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>How codes are computed, Eq. (2), and predicted, Eq. (4).</summary>
public sealed record ClusteringSettings
{
    /// <summary>ε of Eq. (2): weight of the entropy; smaller gives sharper codes.</summary>
    [Bounds(Above = 0)]
    public double Epsilon { get; init; } = 0.05;

    /// <summary>τ of Eq. (4).</summary>
    [Bounds(Above = 0)]
    public double Temperature { get; init; } = 0.1;

    /// <summary>Rounds of scaling rows and columns.</summary>
    [Bounds(AtLeast = 1, AtMost = 1000)]
    public int SinkhornIterations { get; init; } = 3;

    /// <summary>One Q for each assigned crop (released, and SwAV's code) or one over all of them (paper, Eq. (2) to the letter).</summary>
    public CodeAssignment Codes { get; init; } = CodeAssignment.PerCrop;

    /// <summary>Rounds of spherical k-means in an epoch of DeepCluster-v2.</summary>
    [Bounds(AtLeast = 1, AtMost = 1000)]
    public int KMeansIterations { get; init; } = 10;
}
