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

    /// <summary>All, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [Slices, Masked, Volumes];
}
