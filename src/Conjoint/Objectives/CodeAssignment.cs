namespace Conjoint.Objectives;

/// <summary>Over which columns Eq. (2) is solved.</summary>
public enum CodeAssignment
{
    /// <summary>One Q for each assigned crop, as the code of SwAV and of the release; the default.</summary>
    PerCrop,

    /// <summary>One Q over all assigned crops together, as Eq. (2) writes it: Z = [z_1, ..., z_2B].</summary>
    Joint,
}
