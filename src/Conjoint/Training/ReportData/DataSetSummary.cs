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
}
