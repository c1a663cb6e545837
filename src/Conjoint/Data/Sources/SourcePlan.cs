namespace Conjoint.Data;

/// <summary>What sources offer, and what in them is no case.</summary>
internal sealed class SourcePlan
{
    public List<CasePlan> Cases { get; } = [];

    public List<SkippedInput> Skipped { get; } = [];

    public List<string> Warnings { get; } = [];
}
