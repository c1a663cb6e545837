using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// LIDC-IDRI: <c>LIDC-IDRI-NNNN / study / series</c> with the slices of a chest CT in DICOM files and one XML file with the contours
/// of up to four readers. The mask is their consensus: a voxel is nodule where at least half of the readers have it inside.
/// </summary>
/// <remarks>
/// Source: https://www.cancerimagingarchive.net/collection/lidc-idri/; the form of the XML as that page's documentation and
/// QIICR/lidc2dicom describe it. Some patients have radiographs too, which are left out. The collection has 1018 scans of 1010 patients; Table 1 counts 1008.
/// </remarks>
internal sealed class LidcDataSet : IDataSet
{
    public string Name => "LIDC-IDRI";

    public DataSetFacts Facts { get; } = new(
        "Lung Image Database Consortium and Image Database Resource Initiative", "pre-training (Unified)",
        "CC BY 3.0", "https://www.cancerimagingarchive.net/collection/lidc-idri/", 1008);

    public bool Recognises(SetFolder folder) => Directory.EnumerateDirectories(folder.Path, "LIDC-IDRI-*").Any();

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        var annotations = folder.Ending(".xml").ToLookup(f => Path.GetDirectoryName(f)!);
        foreach (var series in DicomFolders.In(folder))
        {
            var readings = annotations[series.Path].ToArray();
            if (!series.IsScan)
            {
                plan.Skipped.Add(series.TooFew(folder));
                continue;
            }

            var scan = series.Case(this, folder, settings);
            try
            {
                var reading = readings.FirstOrDefault(LidcReading.IsOfScan);
                plan.Cases.Add(scan with
                {
                    Mask = reading is null ? null : new ContourContent(reading),
                    Warnings = reading is null ? ["has no XML file with the readers' contours beside it"] : [],
                });
            }
            catch (InputDataException error)
            {
                plan.Skipped.Add(new SkippedInput(scan.Source, SkippedInput.Tell(error), "mask"));
            }
        }

        if (plan.Cases.Count == 0 && plan.Skipped.Count == 0)
            throw folder.Lacks(this, "folder LIDC-IDRI-0001 … with DICOM series");
    }
}
