using System.Text.RegularExpressions;
using Conjoint.Imaging;

namespace Conjoint.Data;

/// <summary>
/// "CT Images in COVID-19" of The Cancer Imaging Archive (Harmon et al. 2020): NIfTI files <c>volume-covid19-A-NNNN.nii.gz</c>, also with
/// <c>_dayNNN</c> or <c>_N</c> behind for a patient's further scans; or, through the archive's own client, DICOM series.
/// </summary>
/// <remarks>
/// Source: https://doi.org/10.7937/tcia.2020.gqry-nc81; the NIfTI names as dataset_TCIAcovid19_0.json of MONAI/testing_data on Hugging Face
/// lists them. The archive holds fewer scans than the 1300 of Table 1; the paper names no others.
/// </remarks>
internal sealed partial class TciaCovidDataSet : IDataSet
{
    public string Name => "TCIA-COVID19";

    public DataSetFacts Facts { get; } = new(
        "CT Images in COVID-19", "pre-training (Unified)", "CC BY 4.0", "https://doi.org/10.7937/tcia.2020.gqry-nc81", 1300);

    public bool Recognises(SetFolder folder) => folder.Niftis.Any(f => Scan().IsMatch(FileNames.Stem(f)));

    public void Plan(SetFolder folder, PrepareSettings settings, SourcePlan plan)
    {
        foreach (var file in folder.Niftis)
        {
            if (Scan().Match(FileNames.Stem(file)) is { Success: true } match)
                plan.Cases.Add(folder.Case(this, file, match.Groups["patient"].Value, settings, Modality.CT));
        }

        foreach (var series in DicomFolders.In(folder))
        {
            if (series.IsScan)
                plan.Cases.Add(series.Case(this, folder, settings));
            else
                plan.Skipped.Add(series.TooFew(folder));
        }

        if (plan.Cases.Count == 0)
            throw folder.Lacks(this, "file volume-covid19-A-0000.nii.gz … and no DICOM series");
    }

    [GeneratedRegex(@"^volume-covid19-(?<patient>[A-Z]-\d+)(_.+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Scan();
}
