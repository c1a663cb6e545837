namespace Conjoint.Imaging;

/// <summary>What a file says about its image or volume, without its pixels.</summary>
public sealed record ImageHeader
{
    /// <summary>Name of the format: <c>nifti</c>, <c>dicom</c>, <c>png</c>, <c>jpeg</c>, <c>npy</c>, <c>npz</c>,
    /// <c>metaimage</c>, <c>nrrd</c>, <c>tiff</c>, <c>jsrt</c>.</summary>
    public required string Format { get; init; }

    /// <summary>
    /// Sizes x, y, z[, t][, samples] as the file declares them; a plain image is width, height, 1, with samples appended when
    /// it has colours. An array without that meaning (NPY of 1, 2 or more than 3 axes) has NumPy's shape.
    /// </summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Encoding of the stored values, in NumPy's names: <c>int16</c>.</summary>
    public required string DType { get; init; }

    /// <summary>Distance in mm between voxel centres along x, y, z; null when the file doesn't say.</summary>
    public IReadOnlyList<double>? SpacingMm { get; init; }

    /// <summary>Directions of the axes in nibabel's letters, e.g. <c>RAS</c>; null for plain images and arrays without geometry.</summary>
    public string? Orientation { get; init; }

    /// <summary>From voxel indices to mm in RAS+; null for plain images.</summary>
    public Affine? Affine { get; init; }

    /// <summary>Whether <see cref="ImageFile.ReadVolume"/> reads it; otherwise <see cref="ImageFile.ReadImage"/> does.</summary>
    public required bool IsVolume { get; init; }

    /// <summary>Number of volumes or images in the file (time points of a 4D volume); at least 1.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>Values of one pixel: 1 for grey, 3 or 4 for colours, 2 for grey with opacity.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>
    /// Whether the lowest value is the brightest one (TIFF's WhiteIsZero, film densities, DICOM's MONOCHROME1 in radiographs). Values are
    /// read as they are stored all the same.
    /// </summary>
    public bool IsInverted { get; init; }

    /// <summary>How the image was made, where the file says so.</summary>
    public Modality Modality { get; init; }

    /// <summary>Window for viewing, in the values of the image: its centre and width; null when the file states none. Values are never clipped to it.</summary>
    public (double Center, double Width)? Window { get; init; }

    /// <summary>What is doubtful about the file, one sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
