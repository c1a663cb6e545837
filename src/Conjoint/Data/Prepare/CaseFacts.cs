using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// What was found in a case's files: kept beside its arrays as <c>case.json</c>, so that an interrupted preparation can go on and
/// a repeated one needs not decode the files again. What tables say about a case is not in it.
/// </summary>
internal sealed record CaseFacts
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "case.json";

    /// <summary>Changes when the same sources and settings would give other arrays.</summary>
    public const int ProcessingVersion = 1;

    /// <summary>Checksum of all that the arrays depend on: content of the files, settings, version of the processing.</summary>
    public required string Key { get; init; }

    public required string SourceChecksum { get; init; }

    public required string Kind { get; init; }

    public required Modality Modality { get; init; }

    public required int Slices { get; init; }

    public required int Height { get; init; }

    public required int Width { get; init; }

    public required IReadOnlyList<double> SpacingMm { get; init; }

    public string? Orientation { get; init; }

    public Affine? Affine { get; init; }

    public SourceGrid? SourceGrid { get; init; }

    public GridMap? GridMap { get; init; }

    public IReadOnlyList<int> MaskLabels { get; init; } = [];

    public required string ImageChecksum { get; init; }

    public required string SliceStdChecksum { get; init; }

    public string? MaskChecksum { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
}
