using Conjoint.Data;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>TCIA's CT images in COVID-19: NIfTI files or DICOM series.</summary>
public sealed class TciaCovidTests : IDisposable
{
    private readonly Miniature _set = new("TCIA-COVID19");

    public void Dispose() => _set.Dispose();

    [Fact]
    public void Days_of_one_patient_are_one_subject()
    {
        var plan = _set.Niftis("volume-covid19-A-0001.nii.gz", "volume-covid19-A-0721_day008.nii.gz", "volume-covid19-A-0721_day012.nii.gz", "volume-covid19-A-0318_1.nii.gz").Plan();
        Assert.Equal(["A-0001", "A-0318", "A-0721", "A-0721"], plan.Cases.Select(c => c.Subject));
        Assert.All(plan.Cases, c => Assert.Equal(((string?)null, Conjoint.Imaging.Modality.CT), (c.Split, c.Modality)));
        Assert.True(_set.IsRecognised);
    }

    [Fact]
    public void Dicom_series_lie_below_their_patient_and_a_scout_is_left_out()
    {
        _set.Empty([.. Enumerable.Range(1, 8).Select(n => $"CT Images in COVID-19/A-0001/01-01-2020-NA/series-1/1-{n:D3}.dcm")]).Empty("CT Images in COVID-19/A-0001/01-01-2020-NA/scout/1-001.dcm");
        var plan = _set.Plan();
        var scan = Assert.Single(plan.Cases);
        Assert.Equal(("A-0001", "set/CT Images in COVID-19/A-0001/01-01-2020-NA/series-1"), (scan.Subject, scan.Source));
        Assert.Equal(8, Assert.IsType<SeriesFilesContent>(scan.Content).Paths.Count);
        Assert.Contains("has 1 DICOM files", Assert.Single(plan.Skipped).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_folder_is_refused() => Assert.Contains("has no file volume-covid19-A-0000.nii.gz", _set.Niftis("a.nii.gz").Refusal(), StringComparison.Ordinal);
}
