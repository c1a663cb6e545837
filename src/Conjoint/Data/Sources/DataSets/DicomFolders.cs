using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>A folder of DICOM files, which The Cancer Imaging Archive's client makes for each series: collection / patient / study / series.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Patient">The patient's public name: the folder two above.</param>
/// <param name="Files">Its DICOM files.</param>
internal sealed record SeriesFolder(string Path, string Patient, IReadOnlyList<string> Files)
{
    /// <summary>Fewer files than this are a radiograph or a scout, not a scan.</summary>
    public const int FewestSlices = 8;

    public bool IsScan => Files.Count >= FewestSlices;

    public CasePlan Case(IDataSet set, SetFolder folder, PrepareSettings settings) => new()
    {
        Source = folder.Show(Path), Dataset = set.Name, Subject = Patient, Content = new SeriesFilesContent(Files), Modality = settings.Modality ?? Modality.CT,
    };

    public SkippedInput TooFew(SetFolder folder) => new(folder.Show(Path), $"has {Files.Count} DICOM files; a scan has at least {FewestSlices}", "unused");
}

/// <summary>Finds the series below a data set's folder.</summary>
internal static class DicomFolders
{
    public static IEnumerable<SeriesFolder> In(SetFolder folder) =>
        folder.Ending(".dcm").GroupBy(f => Path.GetDirectoryName(f)!).Select(series =>
        {
            var folders = folder.FoldersOf(series.First());
            // Below the patient lie the study and the series; in a flatter copy the outermost folder names the patient.
            var patient = folders.Length >= 3 ? folders[^3] : folders.Length > 0 ? folders[0] : Path.GetFileName(folder.Path);
            return new SeriesFolder(series.Key, patient, [.. series]);
        });
}
