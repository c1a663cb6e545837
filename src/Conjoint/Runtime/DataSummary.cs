namespace Conjoint.Runtime;

/// <summary>How much of one data set the training saw; counts only, nothing that names a case or a person.</summary>
public sealed record DataSummary
{
    /// <summary>The data set's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>Its modality: <c>CT</c>, <c>MR</c>, <c>XRay</c>.</summary>
    public required string Modality { get; init; }

    /// <summary>Subjects.</summary>
    public int Subjects { get; init; }

    /// <summary>Volumes.</summary>
    public int Volumes { get; init; }

    /// <summary>Plain 2D images.</summary>
    public int Images { get; init; }

    /// <summary>Slices of the volumes and plain images together.</summary>
    public int Slices { get; init; }
}
