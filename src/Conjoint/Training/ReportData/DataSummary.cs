namespace Conjoint.Training.ReportData;

/// <summary>What a run learned from, in counts only.</summary>
public sealed record DataSummary
{
    /// <summary>The data sets, in the run's order.</summary>
    public IReadOnlyList<DataSetSummary> DataSets { get; init; } = [];

    /// <summary>Names of the foreground classes of the masks by their label; empty where there are none.</summary>
    public IReadOnlyDictionary<int, string> ClassNames { get; init; } = new Dictionary<int, string>();
}
