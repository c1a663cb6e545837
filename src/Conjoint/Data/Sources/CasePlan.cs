using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>A case that a source offers: what there is to know before anything is read.</summary>
internal sealed record CasePlan
{
    /// <summary>File or folder, beginning with the name of the source folder, '/' between parts.</summary>
    public required string Source { get; init; }

    public required string Dataset { get; init; }

    public required string Subject { get; init; }

    /// <summary>Hashes that scans of one person share, where the files tell; for comparison only, they get into no store.</summary>
    public IReadOnlyList<string> SubjectKeys { get; init; } = [];

    public required CaseContent Content { get; init; }

    public CaseContent? Mask { get; init; }

    /// <summary>Null where the source states none.</summary>
    public string? Split { get; init; }

    /// <summary>Class of the whole case as the source writes it.</summary>
    public string? Label { get; init; }

    public Modality? Modality { get; init; }

    /// <summary>Null where nobody looked for boxes.</summary>
    public BoxPlan? Boxes { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>The boxes of an image, and the image size they were drawn for where it is stated.</summary>
internal sealed record BoxPlan(IReadOnlyList<Box> Boxes, int? Width, int? Height);
