namespace Conjoint.Data;

/// <summary>What a preparation did.</summary>
public sealed record PrepareSummary
{
    /// <summary>The store's folder.</summary>
    public required string Store { get; init; }

    /// <summary>Cases in the store.</summary>
    public required int Cases { get; init; }

    /// <summary>Volumes among them.</summary>
    public required int Volumes { get; init; }

    /// <summary>Plain images among them.</summary>
    public required int Images { get; init; }

    /// <summary>Cases written by this run; the others were there already and have been verified.</summary>
    public required int Written { get; init; }

    /// <summary>Cases that were there already, unchanged.</summary>
    public required int Kept { get; init; }

    /// <summary>Folders of cases that belong to no source any more and were removed.</summary>
    public required int Removed { get; init; }

    /// <summary>Number of cases by data set.</summary>
    public required IReadOnlyDictionary<string, int> Datasets { get; init; }

    /// <summary>Number of cases by split.</summary>
    public required IReadOnlyDictionary<string, int> Splits { get; init; }

    /// <summary>Cases with a mask.</summary>
    public required int WithMask { get; init; }

    /// <summary>Bytes of the stored arrays.</summary>
    public required long Bytes { get; init; }

    /// <summary>For each known data set of the paper's Table 1, what was found beside what stands there; empty for plain sources.</summary>
    public IReadOnlyList<ExpectedCount> Expected { get; init; } = [];

    /// <summary>What was left out, and why.</summary>
    public required IReadOnlyList<SkippedInput> Skipped { get; init; }

    /// <summary>What a user should know, one sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>Numbers of volumes or images of a data set.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Found">Cases in the store.</param>
/// <param name="Train">Those for training among them.</param>
/// <param name="Table1">What the paper's Table 1 counts for pre-training.</param>
public sealed record ExpectedCount(string Dataset, int Found, int Train, int Table1);
