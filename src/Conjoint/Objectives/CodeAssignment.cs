namespace Conjoint.Objectives;

/// <summary>Over which columns Eq. (2) is solved.</summary>
public enum CodeAssignment
{
    /// <summary>released, and SwAV's code: one Q for each assigned crop. The default of every preset, <c>paper</c> too (docs/decisions/0012).</summary>
    PerCrop,

    /// <summary>paper, to the letter: one Q over all assigned crops together, as Eq. (2) writes it: Z = [z_1, ..., z_2B].</summary>
    Joint,
}
