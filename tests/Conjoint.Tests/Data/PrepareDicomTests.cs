using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data;

/// <summary>DICOM folders become stores: a case a series, a subject a person, and nobody's name.</summary>
public sealed class PrepareDicomTests : IDisposable
{
    private const string Secret = "SECRETDOE";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_series_of_a_tree_is_a_case_with_its_modality_and_geometry()
    {
        Series("scans/a", "1.2.1", patient: "P1");
        Series("scans/b", "1.2.2", patient: "P2");
        Series("scans/b", "1.2.3", patient: "P2");
        var summary = Samples.Prepare(_folder["store"], null, _folder["scans"]);
        Assert.Empty(summary.Skipped);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal(["scans-a", "scans-b-series-1", "scans-b-series-2"], store.Cases.Select(c => c.Id));
        Assert.Equal(["subject-0001", "subject-0002", "subject-0002"], store.Cases.Select(c => c.Subject));
        Assert.All(store.Cases, c => Assert.Equal((Modality.CT, CaseKind.Volume, 3, 2, 4, "LPS"), (c.Modality, c.Kind, c.Slices, c.Height, c.Width, c.Orientation)));
        Assert.Equal([2, 0.5, 0.75], store.Cases[0].SpacingMm);

        // The window -1000..1000: a slice of -1000 becomes 0, of 0 one half, of 1000 one.
        var values = new float[24];
        store.ReadSlices(store.Cases[0], 0, 3, values);
        Assert.Equal((0f, 0.5f, 1f), (values[0], values[8], values[16]));

        var again = Samples.Prepare(_folder["store"], null, _folder["scans"]);
        Assert.Equal((0, 3), (again.Written, again.Kept));
    }

    [Fact]
    public void One_person_is_in_one_split_across_folders_and_data_sets()
    {
        for (var i = 0; i < 12; i++)
        {
            Series($"first/{i}", $"1.3.{i}", patient: $"P{i}");
            Series($"second/{11 - i}", $"1.4.{i}", patient: $"P{i}");
        }

        Samples.Prepare(_folder["store"], null, _folder["first"], _folder["second"]);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal(24, store.Cases.Count);
        Assert.All(store.Cases.GroupBy(c => c.Subject), group => Assert.Equal((2, 1), (group.Count(), group.Select(c => c.Split).Distinct().Count())));
        Assert.Equal(3, store.Cases.Select(c => c.Split).Distinct().Count());
    }

    [Fact]
    public void Without_a_usable_identifier_the_study_tells_who_belongs_together()
    {
        Series("scans/a", "1.2.1", patient: "ANONYMOUS", study: "1.9.1");
        Series("scans/b", "1.2.2", patient: "", study: "1.9.1");
        Series("scans/c", "1.2.3", patient: "Anonymous", study: "1.9.2");
        Samples.Prepare(_folder["store"], null, _folder["scans"]);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal(["subject-0001", "subject-0001", "subject-0002"], store.Cases.Select(c => c.Subject));
    }

    [Fact]
    public void Masks_lie_beside_series_under_the_folder_s_name()
    {
        Series("set/images/case1", "1.2.1", patient: "P1");
        var affine = new Affine(new double[,] { { -0.75, 0, 0, 0 }, { 0, -0.5, 0, 0 }, { 0, 0, 2, 0 } });
        Directory.CreateDirectory(_folder["set/labels"]);
        NiftiFile.Write(_folder["set/labels/case1.nii.gz"], new Volume([.. Enumerable.Range(0, 24).Select(i => i < 8 ? 1f : 0f)], 4, 2, 3, affine), NiftiDataType.UInt8);
        var summary = Samples.Prepare(_folder["store"], null, _folder["set"]);
        Assert.Empty(summary.Skipped);
        Assert.Equal(1, summary.WithMask);
    }

    [Fact]
    public void A_table_may_name_a_series_by_its_folder()
    {
        Series("set/ct/one", "1.2.1", patient: "P1");
        Series("set/ct/two", "1.2.2", patient: "P2");
        File.WriteAllText(_folder["set/index.csv"], "image,subject,split\nct/one,alice,train\nct/two,bob,test\nct,nobody,train\n");
        var summary = Samples.Prepare(_folder["store"], null, _folder["set"]);
        Assert.Contains("is a folder with 0 DICOM volumes", Assert.Single(summary.Skipped).Reason, StringComparison.Ordinal);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal([("alice", "train"), ("bob", "test")], store.Cases.Select(c => (c.Subject, c.Split)));
    }

    [Fact]
    public void What_cannot_be_used_is_left_out_with_its_reason()
    {
        Series("scans/a", "1.2.1", patient: "P1");
        new DicomBytes().Text(0x00080060, "CS", "SR").Save(_folder["scans/a/report.dcm"]);
        var skipped = Assert.Single(Samples.Prepare(_folder["store"], null, _folder["scans"]).Skipped);
        Assert.Equal(("scans/a/report.dcm", "unreadable"), (skipped.Path, skipped.Kind));
        Assert.Contains("without an image", skipped.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MONOCHROME1", new[] { 1f, 0.75f, 0f })]
    [InlineData("MONOCHROME2", new[] { 0f, 0.25f, 1f })]
    public void Dense_is_bright_in_every_radiograph(string photometric, float[] expected)
    {
        Radiograph("scans/x", photometric).Save(_folder["scans/x.dcm"]);
        Samples.Prepare(_folder["store"], new PrepareSettings { LowPercentile = 0, HighPercentile = 100 }, _folder["scans"]);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal(expected, Samples.Read(store, store.Cases[0])[..3]);
    }

    /// <summary>Centre 300 and width 201: 200 is black and 400 is white by PS3.3 C.11.2.1.2 (half a value below the centre and its ends).</summary>
    [Theory]
    [InlineData("MONOCHROME2", new[] { 0f, 0.5f, 1f })]
    [InlineData("MONOCHROME1", new[] { 1f, 0.5f, 0f })]
    public void The_window_of_a_file_is_used_where_it_is_asked_for(string photometric, float[] expected)
    {
        Radiograph("scans/x", photometric).Numbers(0x00281050, "DS", 300.5).Numbers(0x00281051, "DS", 201).Save(_folder["scans/x.dcm"]);
        Radiograph("scans/y", photometric).Save(_folder["scans/y.dcm"]);
        var summary = Samples.Prepare(
            _folder["store"], new PrepareSettings { Normalisation = Conjoint.Runtime.IntensityRule.FileWindow, LowPercentile = 0, HighPercentile = 100 }, _folder["scans"]);
        using var store = PreparedStore.Open(_folder["store"]);
        var values = Samples.Read(store, store.Cases[0]);
        Assert.Equal(expected, new[] { values[0], values[3], values[2] });
        Assert.Contains(summary.Warnings, warning => warning.Contains("scans-y states no window for viewing", StringComparison.Ordinal));
        Assert.Equal(photometric == "MONOCHROME1" ? 0.75 : 0.25, Samples.Read(store, store.Cases[1])[1], 1e-3);
    }

    [Fact]
    public void No_store_holds_anything_of_a_patient()
    {
        Series("scans/a", "1.2.66.77.88", patient: Secret, study: "1.2.66.77.99");
        Series("scans/a", "1.2.66.77.89", patient: Secret, study: "1.2.66.77.99");
        DicomBytes.Slice([1, 2], 2, [0, 0, 0], series: "1.2.66.77.90").Text(0x00280030, "DS", Secret).Text(0x00100010, "PN", Secret).Save(_folder["scans/damaged.dcm"]);
        var summary = Samples.Prepare(_folder["store"], null, _folder["scans"]);
        Assert.Single(summary.Skipped);
        foreach (var file in Directory.GetFiles(_folder["store"], "*", SearchOption.AllDirectories))
        {
            var text = file + System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file));
            Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("66.77", text, StringComparison.Ordinal); // nor identifiers of study and series
            Assert.DoesNotContain("19610203", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Secret, string.Join('\n', summary.Warnings.Concat(summary.Skipped.Select(s => s.InOneLine))), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Four pixels: 0, 250, 1000 and 300.</summary>
    private DicomBytes Radiograph(string path, string photometric)
    {
        Samples.Folder(_folder[path]);
        return new DicomBytes().Text(0x00080060, "CS", "DX").Image(2, 2, 16, photometric: photometric, stored: 12).Shorts(DicomBytes.PixelData, "OW", 0, 250, 1000, 300);
    }

    /// <summary>Three slices of 4×2 with the values -1000, 0 and 1000.</summary>
    private void Series(string folder, string series, string patient, string? study = null)
    {
        Directory.CreateDirectory(_folder[folder]);
        for (var k = 0; k < 3; k++)
        {
            DicomBytes.Slice([.. Enumerable.Repeat((short)(1000 * (k - 1)), 8)], 4, [0, 0, 2 * k], instance: k, series: series)
                .Text(0x00100010, "PN", Secret + "^JANE").Text(0x00100020, "LO", patient).Text(0x00100030, "DA", "19610203")
                .Text(0x0020000D, "UI", study ?? series + ".1").Save(_folder[$"{folder}/{series[^1]}-{k}.dcm"]);
        }
    }
}
