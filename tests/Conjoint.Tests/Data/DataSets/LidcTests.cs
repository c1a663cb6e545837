using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tests.Data.DataSets;

/// <summary>LIDC-IDRI: series, and the consensus of up to four readers.</summary>
public sealed class LidcTests : IDisposable
{
    private readonly Miniature _set = new("LIDC-IDRI");

    public void Dispose() => _set.Dispose();

    private static string Roi(double z, string points, bool inclusion = true) =>
        $"<roi><imageZposition>{z.ToString(System.Globalization.CultureInfo.InvariantCulture)}</imageZposition><imageSOP_UID>1.2.3</imageSOP_UID><inclusion>{(inclusion ? "TRUE" : "FALSE")}</inclusion>"
        + string.Concat(points.Split(' ').Select(p => $"<edgeMap><xCoord>{p.Split(',')[0]}</xCoord><yCoord>{p.Split(',')[1]}</yCoord></edgeMap>")) + "</roi>";

    private static string Session(params string[] rois) =>
        $"<readingSession><servicingRadiologistID>anon</servicingRadiologistID><unblindedReadNodule><noduleID>1</noduleID>{string.Concat(rois)}</unblindedReadNodule></readingSession>";

    private static string Message(params string[] sessions) =>
        $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><LidcReadMessage xmlns=\"http://www.nih.gov\"><ResponseHeader><SeriesInstanceUid>1.2</SeriesInstanceUid></ResponseHeader>{string.Concat(sessions)}</LidcReadMessage>";

    private Miniature Series(string path, int files = 8) => _set.Empty([.. Enumerable.Range(1, files).Select(n => $"{path}/1-{n:D3}.dcm")]);

    [Fact]
    public void A_scan_has_its_readers_contours_and_radiographs_are_left_out()
    {
        Series("LIDC-IDRI-0001/01-01-2000-30178/3000566.000000-03192").Text("LIDC-IDRI-0001/01-01-2000-30178/3000566.000000-03192/069.xml", Message());
        Series("LIDC-IDRI-0001/01-01-2000-35511/3000923.000000-62357", 2).Text("LIDC-IDRI-0001/01-01-2000-35511/3000923.000000-62357/070.xml", "<IdriReadMessage xmlns=\"http://www.nih.gov\"/>");
        Series("LIDC-IDRI-0002/01-01-2000-98329/3000522.000000-04919");
        var plan = _set.Plan();
        Assert.Equal(["LIDC-IDRI-0001", "LIDC-IDRI-0002"], plan.Cases.Select(c => c.Subject));
        Assert.EndsWith("069.xml", Assert.IsType<ContourContent>(plan.Cases[0].Mask).Path, StringComparison.Ordinal);
        Assert.Equal("has no XML file with the readers' contours beside it", Assert.Single(plan.Cases[1].Warnings));
        Assert.Contains("has 2 DICOM files", Assert.Single(plan.Skipped).Reason, StringComparison.Ordinal);
        Assert.True(_set.IsRecognised);
    }

    private float[] Draw(string xml, int slices = 3)
    {
        _set.Text("a.xml", xml);
        // Voxels of 1×1×2.5 mm whose slices lie at -100, -97.5 and -95 mm.
        return ContourMask.Draw(LidcReading.Read(_set["a.xml"]), [6, 5, slices], new Affine(new double[,] { { -1, 0, 0, 0 }, { 0, -1, 0, 0 }, { 0, 0, 2.5, -100 } }), _set["a.xml"]);
    }

    private static int[] Slice(float[] mask, int z) => [.. mask.Skip(z * 30).Take(30).Select(v => (int)v)];

    [Fact]
    public void A_contour_runs_around_the_voxels_that_it_means()
    {
        var mask = Draw(Message(Session(Roi(-97.5, "1,0 4,0 4,3 1,3"))));
        Assert.Equal(
            [0, 0, 0, 0, 0, 0,
             0, 0, 1, 1, 0, 0,
             0, 0, 1, 1, 0, 0,
             0, 0, 0, 0, 0, 0,
             0, 0, 0, 0, 0, 0], Slice(mask, 1));
        Assert.Equal(4, mask.Sum());
    }

    [Fact]
    public void A_slanted_contour_takes_the_centres_strictly_inside()
    {
        // The triangle (0, 0), (4, 4), (0, 4): of row 2 only x = 1 lies strictly inside, of row 3 x = 1 and 2; row 1 has none.
        Assert.Equal([13, 19, 20], Slice(Draw(Message(Session(Roi(-97.5, "0,0 4,4 0,4")))), 1).Index().Where(v => v.Item == 1).Select(v => v.Index));
    }

    [Fact]
    public void Half_of_the_readers_make_a_nodule_and_fewer_do_not()
    {
        var (wide, narrow) = (Session(Roi(-100, "0,0 4,0 4,3 0,3")), Session(Roi(-100, "0,0 3,0 3,3 0,3")));
        // Four readers: two narrow ones agree with the wide one on columns 1 and 2; column 3 has one voice of four.
        Assert.Equal([7, 8, 13, 14], Slice(Draw(Message(wide, narrow, Session(), Session())), 0).Index().Where(v => v.Item == 1).Select(v => v.Index));
        Assert.Equal(0, Draw(Message(wide, Session(), Session())).Sum());
        Assert.Equal(6, Draw(Message(wide, Session())).Sum());
    }

    [Fact]
    public void A_hole_is_cut_out_of_its_own_readers_nodule_and_points_make_none()
    {
        // Inner voxels of (0,0)–(5,4): 4×3 less the one inside the hole (1,1)–(3,3).
        Assert.Equal(11, Draw(Message(Session(Roi(-95, "1,1 3,1 3,3 1,3", inclusion: false), Roi(-95, "0,0 5,0 5,4 0,4")))).Sum());
        Assert.Equal(0, Draw(Message(Session(Roi(-95, "2,2")))).Sum());
    }

    [Fact]
    public void A_contour_between_or_beside_the_slices_is_told()
    {
        Assert.Contains("on none of the 3 slices", Assert.Throws<InputDataException>(() => Draw(Message(Session(Roi(-60, "0,0 4,0 4,3"))))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><LidcReadMessage/>", "is no XML that can be read")]
    [InlineData("<LidcReadMessage><readingSession>", "is no XML that can be read")]
    [InlineData("<LidcReadMessage><readingSession><roi><imageZposition>far</imageZposition></roi></readingSession></LidcReadMessage>", "has a slice at 'far'")]
    [InlineData("<LidcReadMessage><readingSession><roi><imageZposition>1</imageZposition><edgeMap><xCoord>-1</xCoord></edgeMap></roi></readingSession></LidcReadMessage>", "has a point at '-1'")]
    [InlineData("<LidcReadMessage><readingSession><roi><edgeMap><xCoord>1</xCoord><yCoord>1</yCoord></edgeMap></roi></readingSession></LidcReadMessage>", "without imageZposition")]
    public void Files_that_are_no_reading_are_told(string xml, string reason)
    {
        _set.Text("a.xml", xml);
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => LidcReading.Read(_set["a.xml"])).Message, StringComparison.Ordinal);
    }

    /// <summary>Through the builder, with a volume in a format that is at hand.</summary>
    [Fact]
    public void Contours_become_the_mask_of_a_stored_scan()
    {
        var affine = new Affine(new double[,] { { -1, 0, 0, 0 }, { 0, -1, 0, 0 }, { 0, 0, 2.5, -100 } });
        Samples.Nifti(_set["scan.nii"], Samples.Volume(6, 5, 3, 1, affine));
        _set.Text("scan.xml", Message(Session(Roi(-97.5, "1,0 3,0 3,2 1,2"))));
        CasePlan[] plans =
        [
            new() { Source = "scan", Dataset = "LIDC-IDRI", Subject = "1", Content = new FileContent(_set["scan.nii"]), Mask = new ContourContent(_set["scan.xml"]) },
        ];
        var outcome = new CaseBuilder(_set.Store, new PrepareSettings(), new ArchiveCache(plans)).Build(plans[0], "scan");
        Assert.Null(outcome.Skipped);
        var mask = NpyFile.Read(Path.Combine(_set.Store, "cases", "scan", "mask.npy")).ToSingle();
        // The file's voxel (2, 1, 1), with x and y turned round to RAS+.
        Assert.Equal([1 * 30 + (5 - 1 - 1) * 6 + (6 - 1 - 2)], mask.Index().Where(v => v.Item == 1).Select(v => v.Index));
    }

    [Fact]
    public void Another_folder_is_refused() => Assert.Contains("has no folder LIDC-IDRI-0001", _set.Niftis("a.nii.gz").Refusal(), StringComparison.Ordinal);
}
