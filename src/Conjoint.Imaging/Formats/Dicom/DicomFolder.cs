namespace Conjoint.Imaging;

/// <summary>What DICOM files make up.</summary>
/// <param name="Series">Volumes whose slices are files.</param>
/// <param name="Files">Files for themselves.</param>
/// <param name="Refused">What can't be used: the path of a file or folder, and why.</param>
public sealed record DicomFolder(
    IReadOnlyList<DicomSeries> Series, IReadOnlyList<DicomSingle> Files, IReadOnlyList<InputDataException> Refused);

/// <summary>A DICOM file for itself: one image, or several frames.</summary>
/// <param name="Path">The file.</param>
/// <param name="Modality">How it was made.</param>
/// <param name="IsVolume">Whether it has several frames.</param>
/// <param name="SubjectKeys">Hashes of patient and study, see <see cref="DicomSeries.SubjectKeys"/>.</param>
public sealed record DicomSingle(string Path, Modality Modality, bool IsVolume, IReadOnlyList<string> SubjectKeys);
