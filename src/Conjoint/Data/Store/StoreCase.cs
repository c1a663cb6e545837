using System.Text.Json.Serialization;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>One case of a prepared store: a volume or an image, its labels, and where it came from.</summary>
/// <remarks>Immutable. Arrays are read through <see cref="PreparedStore"/>.</remarks>
public sealed record StoreCase
{
    /// <summary>Name of the case and of its folder: letters, digits, '.', '_' and '-' only; unique in the store.</summary>
    public required string Id { get; init; }

    /// <summary>Who was scanned, as the source names them; all cases of a subject are in one split.</summary>
    public required string Subject { get; init; }

    /// <summary>One of <see cref="Data.Split"/>.</summary>
    public required string Split { get; init; }

    /// <summary><see cref="CaseKind.Volume"/> or <see cref="CaseKind.Image"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The data set it belongs to.</summary>
    public required string Dataset { get; init; }

    /// <summary>How the image was made; stated by the source, or CT where the values are Hounsfield units.</summary>
    public required Modality Modality { get; init; }

    /// <summary>Slices N; 1 for an image.</summary>
    public required int Slices { get; init; }

    /// <summary>Rows of a slice.</summary>
    public required int Height { get; init; }

    /// <summary>Pixels in a row of a slice.</summary>
    public required int Width { get; init; }

    /// <summary>Distance in mm between neighbours along [slice, row, column]; ones where the source states none.</summary>
    public required IReadOnlyList<double> SpacingMm { get; init; }

    /// <summary>Axis codes of the source file as nibabel gives them, e.g. "LAS"; null where the source has no orientation.</summary>
    public string? Orientation { get; init; }

    /// <summary>From stored voxel (n, h, w) to mm in RAS+; null where the source has no geometry.</summary>
    public Affine? Affine { get; init; }

    /// <summary>The grid of the source file and how the stored one lies in it; null for images and stacks of images.</summary>
    public SourceGrid? SourceGrid { get; init; }

    /// <summary>How the stored grid lies on the turned one of the source, where it was resampled, cut or padded; null where not.</summary>
    public GridMap? GridMap { get; init; }

    /// <summary>File or folder it was read from, beginning with the name of the source folder, '/' between parts.</summary>
    public required string Source { get; init; }

    /// <summary>SHA-256 of the source's content, in hexadecimal.</summary>
    public required string SourceChecksum { get; init; }

    /// <summary>Class of the whole case: an index into <see cref="PreparedStore.ClassNames"/>; null where not labelled.</summary>
    public int? Label { get; init; }

    /// <summary>Which of several images of one scan this is, <c>flair</c> or <c>0001</c> for instance; null where there is one.</summary>
    public string? Channel { get; init; }

    /// <summary>What the channels of one scan have in common: the path of the source without the channel's name. Null without <see cref="Channel"/>.</summary>
    public string? ChannelGroup { get; init; }

    /// <summary>Labels other than 0 that its mask holds, ascending.</summary>
    public IReadOnlyList<int> MaskLabels { get; init; } = [];

    /// <summary>Whether structures of the mask may overlap: its values are sets of labels then, see <see cref="Data.LayeredMask"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasLayers { get; init; }

    /// <summary>Boxes on the image; empty where there are none.</summary>
    public IReadOnlyList<Box> Boxes { get; init; } = [];

    /// <summary>Whether boxes were looked for in this image: an image may be annotated and have none.</summary>
    public bool HasBoxes { get; init; }

    /// <summary>The part of a cross-validation that the data set's owners put it into, from 0; null where they made none.</summary>
    public int? Fold { get; init; }

    /// <summary>Places to classify (<see cref="PreparedStore.ReadCandidates"/>); path relative to the store; null where the source lists none.</summary>
    public string? CandidatesFile { get; init; }

    /// <summary>Values, float16 [N, H, W] in [0, 1]; path relative to the store.</summary>
    public required string ImageFile { get; init; }

    /// <summary>Labels, or sets of labels, uint8 or uint16 [N, H, W]; path relative to the store; null without a mask.</summary>
    public string? MaskFile { get; init; }

    /// <summary>Standard deviation of each slice on the [0, 1] scale, float32 [N]; path relative to the store.</summary>
    public required string SliceStdFile { get; init; }

    /// <summary>SHA-256 of the stored image array's file.</summary>
    public required string ImageChecksum { get; init; }

    /// <summary>SHA-256 of the stored mask array's file; null without a mask.</summary>
    public string? MaskChecksum { get; init; }

    /// <summary>What a reader should know about this case, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Where it lies in another case, of which it is a part; null for what is stored.</summary>
    [JsonIgnore]
    internal CubePlace? Cube { get; init; }

    /// <summary>Whether the source says how large its voxels are; where it doesn't, <see cref="SpacingMm"/> has ones.</summary>
    [JsonIgnore]
    public bool StatesSpacing => Affine is not null || SpacingMm.Any(s => s != 1);

    /// <summary>Whether it has a mask.</summary>
    [JsonIgnore]
    public bool HasMask => MaskFile is not null;

    /// <summary>What can't be true of a case of a store; null when all is well.</summary>
    internal string? Fault()
    {
        var name = StorePath.Shown(Id);
        if (!StorePath.IsName(Id))
            return $"names a case '{name}'; expected letters, digits, '.', '_' and '-'";
        if (Slices < 1 || Height < 1 || Width < 1 || (Int128)Slices * Height * Width > ImagingLimits.MaxVoxels)
            return $"says that {name} has {Slices} slices of {Height}×{Width} pixels; expected at least 1 of each and at most {ImagingLimits.MaxVoxels} voxels";
        if (SpacingMm is not [> 0 and < double.PositiveInfinity, > 0 and < double.PositiveInfinity, > 0 and < double.PositiveInfinity])
            return $"says that {name} has a spacing of [{string.Join(", ", SpacingMm)}] mm; expected three numbers above 0";
        return new[] { ImageFile, SliceStdFile, MaskFile, CandidatesFile }.OfType<string>().FirstOrDefault(file => !StorePath.LeadsInside(file)) is { } outside
            ? $"names for {name} the file '{StorePath.Shown(outside)}', which lies outside of the store"
            : null;
    }
}
