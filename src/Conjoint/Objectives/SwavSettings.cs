namespace Conjoint.Objectives;

/// <summary>Swapped prediction of cluster codes, Eq. (2)–(4) and (11).</summary>
public sealed record SwavSettings
{
    /// <summary>τ of Eq. (4); above 0.</summary>
    public double Temperature { get; init; } = 0.1;                     // SwAV

    /// <summary>Over which columns Eq. (2) is solved.</summary>
    public CodeAssignment Codes { get; init; } = CodeAssignment.PerCrop;

    /// <summary>How Eq. (2) is solved.</summary>
    public SinkhornSettings Sinkhorn { get; init; } = new();

    /// <summary>The crops whose codes the others predict; SwAV's are the two large ones.</summary>
    public IReadOnlyList<int> AssignedCrops { get; init; } = [0, 1];
}
