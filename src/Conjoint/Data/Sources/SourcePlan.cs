namespace Conjoint.Data;

/// <summary>What sources offer, and what in them is no case.</summary>
internal sealed class SourcePlan
{
    public List<CasePlan> Cases { get; } = [];

    public List<SkippedInput> Skipped { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>The known data sets that were read by their own layout.</summary>
    public List<IDataSet> Sets { get; } = [];
}
