using Conjoint.Data;

namespace Conjoint.Training.ReportData;

/// <summary>One data set in counts.</summary>
public sealed record DataSetSummary
{
    /// <summary>The data set's name.</summary>
    public required string Name { get; init; }

    /// <summary>What made the pictures: CT, MR, X-ray; several joined by commas.</summary>
    public string Modality { get; init; } = "";

    /// <summary>Subjects; a subject may have several cases.</summary>
    public int Subjects { get; init; }

    /// <summary>Volumes.</summary>
    public int Volumes { get; init; }

    /// <summary>Single images.</summary>
    public int Images { get; init; }

    /// <summary>Slices of all volumes and images together.</summary>
    public long Slices { get; init; }

    /// <summary>Cases used for learning.</summary>
    public int Train { get; init; }

    /// <summary>Cases used to watch the learning.</summary>
    public int Validation { get; init; }

    /// <summary>Cases kept for the final test.</summary>
    public int Test { get; init; }

    /// <summary>Counts some cases, a summary a data set, by name.</summary>
    internal static DataSetSummary[] Of(IEnumerable<StoreCase> cases) => [.. cases.GroupBy(c => c.Dataset).OrderBy(g => g.Key, StringComparer.Ordinal).Select(ofSet => new DataSetSummary
    {
        Name = ofSet.Key,
        Modality = string.Join(", ", ofSet.Select(c => c.Modality.ToString()).Distinct().Order(StringComparer.Ordinal)),
        Subjects = ofSet.Select(c => c.Subject).Distinct().Count(),
        Volumes = ofSet.Count(c => c.Kind == CaseKind.Volume),
        Images = ofSet.Count(c => c.Kind == CaseKind.Image),
        Slices = ofSet.Sum(c => (long)c.Slices),
        Train = ofSet.Count(c => c.Split == Split.Train),
        Validation = ofSet.Count(c => c.Split == Split.Validation),
        Test = ofSet.Count(c => c.Split == Split.Test),
    })];
}
