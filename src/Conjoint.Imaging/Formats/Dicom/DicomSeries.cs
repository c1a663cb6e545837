namespace Conjoint.Imaging;

/// <summary>A volume whose slices are DICOM files of one series.</summary>
/// <remarks>
/// Slices are sorted along their normal by position. The axes are x along the rows of a slice, y down its columns, z along the
/// normal; the affine turns DICOM's LPS into RAS+. Nothing of it names a patient.
/// </remarks>
public sealed class DicomSeries
{
    private readonly DicomStack _stack;

    private DicomSeries(string path, DicomStack stack) => (Path, _stack) = (path, stack);

    /// <summary>The folder with its files; of files in several folders the one that holds them all.</summary>
    public string Path { get; }

    /// <summary>Which of the folder's volumes it is, from 1; null when it is the only image there.</summary>
    public int? Number { get; private init; }

    /// <summary>The slices' files, from the first plane to the last.</summary>
    public IReadOnlyList<string> Files => [.. _stack.Planes.Select(plane => plane.File.Path)];

    /// <summary>How it was made.</summary>
    public Modality Modality => _stack.First.Modality;

    /// <summary>Hashes of patient and study, to find what belongs to one person. To be compared in memory, not to be kept.</summary>
    public IReadOnlyList<string> SubjectKeys => _stack.First.SubjectKeys;

    /// <summary>Parts DICOM files into volumes and others.</summary>
    /// <param name="files">DICOM files; their headers are read.</param>
    /// <returns>
    /// Volumes and single files (images, and files of several frames) in ordinal order of their paths, and what can't be used.
    /// </returns>
    public static DicomFolder Find(IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var found = new DicomFolderBuilder();
        foreach (var file in files.Order(StringComparer.Ordinal))
            found.Add(file);
        return found.Build((path, stack, number) => new DicomSeries(path, stack) { Number = number });
    }

    /// <summary>Describes the volume.</summary>
    public ImageHeader ReadHeader() =>
        DicomDescription.Of([_stack], isVolume: true, _stack.Planes.SelectMany(plane => plane.File.Problems));

    /// <summary>Reads every slice, each with its own slope and intercept; colours as luminance.</summary>
    /// <exception cref="InputDataException">A slice is damaged or can't be decompressed.</exception>
    public Volume ReadVolume() => DicomVoxels.ReadVolume(_stack, Path);

    internal void Scan(ValueVisitor visitor) => DicomVoxels.Scan(_stack.Planes, visitor);
}
