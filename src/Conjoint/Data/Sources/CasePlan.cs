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

    /// <summary>What this source's mask values mean; null where they are labels as they stand.</summary>
    public LabelMap? Labels { get; init; }

    /// <summary>Which of several images of one scan this is; null where there is one.</summary>
    public string? Channel { get; init; }

    /// <summary>What the channels of one scan have in common; null without <see cref="Channel"/>.</summary>
    public string? ChannelGroup { get; init; }

    /// <summary>The part of a cross-validation that the set's owners put it into, from 0.</summary>
    public int? Fold { get; init; }

    /// <summary>Places in the scan that may be a finding; null where the set lists none.</summary>
    public IReadOnlyList<WorldPoint>? Candidates { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>The boxes of an image, and the image size they were drawn for where it is stated.</summary>
internal sealed record BoxPlan(IReadOnlyList<Box> Boxes, int? Width, int? Height);

/// <summary>A place in mm, RAS+, and its class as the source writes it.</summary>
internal readonly record struct WorldPoint(double X, double Y, double Z, int Class);
