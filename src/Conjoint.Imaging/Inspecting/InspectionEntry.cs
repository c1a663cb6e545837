using System.Text.Json.Serialization;

namespace Conjoint.Imaging;

/// <summary>What <c>inspect --json</c> says of one image, volume, array or stack. Numbers that aren't known are null.</summary>
public sealed record InspectionEntry
{
    /// <summary>The file; for a stack or a DICOM series the folder, or the common beginning of its files followed by <c>*</c>.</summary>
    [JsonPropertyName("path")]
    public required string Path { get; init; }

    /// <summary>Name of the array inside an NPZ file, or number of the series among those of a folder; absent otherwise.</summary>
    [JsonPropertyName("array")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Array { get; init; }

    /// <summary>Name of the format; <c>stack</c> for a run of frames; null when the file couldn't be read at all.</summary>
    [JsonPropertyName("format")]
    public string? Format { get; init; }

    /// <summary>Sizes x, y, z[, t][, samples], see <see cref="ImageHeader.Shape"/>.</summary>
    [JsonPropertyName("shape")]
    public IReadOnlyList<int>? Shape { get; init; }

    /// <summary>Distance in mm between voxel centres along x, y, z, as the file states it.</summary>
    [JsonPropertyName("spacing_mm")]
    public IReadOnlyList<double>? SpacingMm { get; init; }

    /// <summary>Directions of the axes in nibabel's letters.</summary>
    [JsonPropertyName("orientation")]
    public string? Orientation { get; init; }

    /// <summary>Encoding of the stored values, in NumPy's names.</summary>
    [JsonPropertyName("dtype")]
    public string? DType { get; init; }

    /// <summary>Smallest finite value after slope and intercept, over all frames and samples.</summary>
    [JsonPropertyName("min")]
    public double? Min { get; init; }

    /// <summary>Largest finite value.</summary>
    [JsonPropertyName("max")]
    public double? Max { get; init; }

    /// <summary>Mean of the finite values.</summary>
    [JsonPropertyName("mean")]
    public double? Mean { get; init; }

    /// <summary>Number of NaN and infinite values.</summary>
    [JsonPropertyName("nonfinite")]
    public long? NonFinite { get; init; }

    /// <summary>Number of volumes or images in the file.</summary>
    [JsonPropertyName("frames")]
    public int? Frames { get; init; }

    /// <summary>For integer images of few distinct values (masks): how many voxels have each value; absent otherwise.</summary>
    [JsonPropertyName("labels")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<long, long>? Labels { get; init; }

    /// <summary>How it was made, where a DICOM file says so: <c>CT</c>, <c>MR</c>, <c>XRay</c>, <c>Other</c>; absent otherwise.</summary>
    [JsonPropertyName("modality")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Modality { get; init; }

    /// <summary>Centre and width of the window for viewing, where a DICOM file states one; absent otherwise.</summary>
    [JsonPropertyName("window")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Window { get; init; }

    /// <summary>The first file that was looked into and has the same bytes; absent for that file and for those without their like.</summary>
    [JsonPropertyName("duplicate_of")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DuplicateOf { get; init; }

    /// <summary>What is doubtful or wrong, one sentence each.</summary>
    [JsonPropertyName("problems")]
    public IReadOnlyList<string> Problems { get; init; } = [];
}
