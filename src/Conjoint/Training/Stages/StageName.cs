namespace Conjoint.Training;

/// <summary>The stages of pre-training by their names, in order.</summary>
public static class StageName
{
    /// <summary>Stage 1: clustering agreement of slices and images, Eq. (5).</summary>
    public const string Slices = "slices";

    /// <summary>Stage 2: masked embedding prediction, Eq. (15).</summary>
    public const string Masked = "masked";

    /// <summary>Stage 3: clustering agreement of volumes, Eq. (12).</summary>
    public const string Volumes = "volumes";

    /// <summary>
    /// No part of the method: clustering agreement of volumes with a ResNet of 3D convolutions, the paper's baselines 3D-SwAV and 3D-DeepCluster. Stands alone in its run.
    /// </summary>
    public const string Volumes3d = "volumes-3d";

    /// <summary>All of the method, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [Slices, Masked, Volumes];

    /// <summary>All that can be asked for alone.</summary>
    public static IReadOnlyList<string> Single { get; } = [.. All, Volumes3d];
}
