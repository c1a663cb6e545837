using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests.Formats.Dicom;

/// <summary>Slices to volumes: order, geometry, gaps, tilt, duplicates, several series in a folder.</summary>
public sealed class DicomSeriesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Slices_are_sorted_by_place_whatever_their_names_and_numbers()
    {
        double[] places = [20, 5, 15, 10];
        for (var i = 0; i < places.Length; i++)
            Slice($"{i}.dcm", places[i], (short)places[i], instance: 9 - i);
        var series = OnlySeries();
        var volume = series.ReadVolume();
        Assert.Equal((1, 1, 4), (volume.SizeX, volume.SizeY, volume.SizeZ));
        Assert.Equal(new float[] { 5, 10, 15, 20 }, volume.Voxels);
        Assert.Equal([0.75, 0.5, 5], volume.SpacingMm);
        Assert.Equal((-1, -2, 5), volume.Affine.Apply(0, 0, 0));
        Assert.Equal((-1, -2, 20), volume.Affine.Apply(0, 0, 3));
        Assert.Equal("LPS", volume.Affine.AxisCodes);

        var entry = Assert.Single(Inspection.Inspect(_folder.Path));
        Assert.Equal((_folder.Path, "dicom", "LPS"), (entry.Path, entry.Format, entry.Orientation));
        Assert.Null(entry.Array);
        Assert.Equal((5.0, 20.0, 12.5), (entry.Min!.Value, entry.Max!.Value, entry.Mean!.Value));
        Assert.Empty(entry.Problems);
    }

    [Fact]
    public void An_oblique_series_has_the_affine_worked_out_by_hand()
    {
        // Turned by 30° about the patient's left axis: rows run to the left, columns down and back.
        var (c, s) = (Math.Cos(Math.PI / 6), 0.5);
        double[] orientation = [1, 0, 0, 0, c, -s];
        // The normal is (1, 0, 0) × (0, c, -s) = (0, s, c).
        for (var k = 0; k < 3; k++)
            DicomBytes.Slice([(short)k], 1, [10, 20 + 4 * k * s, 30 + 4 * k * c], orientation, k).Save(_folder[$"{3 - k}"]);
        var affine = OnlySeries().ReadHeader().Affine!;
        double[,] expected =
        {
            { -0.75, 0, 0, -10 },
            { 0, -0.5 * c, -4 * s, -20 },
            { 0, -0.5 * s, 4 * c, 30 },
        };
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 4; column++)
                Assert.Equal(expected[row, column], affine[row, column], 1e-5); // positions are written with six digits
        }
    }

    [Fact]
    public void Sagittal_and_coronal_series_have_their_axis_codes()
    {
        for (var k = 0; k < 2; k++)
        {
            DicomBytes.Slice([0], 1, [3 * k, 0, 0], [0, 1, 0, 0, 0, -1], k, "1.2.1").Save(_folder[$"s{k}"]);
            DicomBytes.Slice([0], 1, [0, 3 * k, 0], [1, 0, 0, 0, 0, -1], k, "1.2.2").Save(_folder[$"c{k}"]);
        }

        // Sagittal: columns to posterior, rows down, normal (0,1,0)×(0,0,-1) = (-1,0,0), to the right.
        // Coronal: columns to the left, rows down, normal (1,0,0)×(0,0,-1) = (0,1,0), to posterior.
        Assert.Equal(["LIP", "PIR"], Find().Series.Select(series => series.ReadHeader().Orientation!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_slice_has_its_own_slope()
    {
        for (var k = 0; k < 3; k++)
            DicomBytes.Slice([10], 1, [0, 0, k], instance: k).Numbers(0x00281053, "DS", k + 1).Numbers(0x00281052, "DS", -k).Save(_folder[$"{k}.dcm"]);
        Assert.Equal(new float[] { 10, 19, 28 }, OnlySeries().ReadVolume().Voxels);
    }

    [Fact]
    public void A_gap_is_told_and_spacing_stays_that_of_the_slices()
    {
        foreach (var z in new[] { 0, 2, 4, 10, 12 })
            Slice($"{z}", z, (short)z, z);
        var header = OnlySeries().ReadHeader();
        Assert.Equal(2, header.SpacingMm![2]);
        Assert.Equal("2 slices are missing in 1 gap (6 mm where slices are 2 mm apart); the others are taken as neighbours", Assert.Single(header.Problems));
    }

    [Fact]
    public void Uneven_distances_are_told()
    {
        foreach (var z in new[] { 0, 2, 5, 7 })
            Slice($"{z}", z, (short)z, z);
        Assert.Equal("slices are 2 to 3 mm apart; 2 mm is taken for all", Assert.Single(OnlySeries().ReadHeader().Problems));
    }

    [Fact]
    public void Gantry_tilt_is_told_and_shears_the_affine()
    {
        // Each slice lies 1 mm further to posterior for 2 mm along the normal: atan(1/2) = 26.6°.
        for (var k = 0; k < 4; k++)
            DicomBytes.Slice([0], 1, [0, k, 2 * k], instance: k).Save(_folder[$"{k}"]);
        var header = OnlySeries().ReadHeader();
        Assert.StartsWith("is tilted by 26.6°", Assert.Single(header.Problems), StringComparison.Ordinal);
        Assert.Equal((0, -3, 6), header.Affine!.Apply(0, 0, 3));
        Assert.Equal(Math.Sqrt(5), header.SpacingMm![2], 1e-9);
    }

    [Fact]
    public void Copies_of_a_slice_are_used_once()
    {
        for (var k = 0; k < 3; k++)
            Slice($"{k}", k, (short)k, k);
        File.Copy(_folder["1"], _folder["copy of 1"]);
        var series = OnlySeries();
        Assert.Equal(new float[] { 0, 1, 2 }, series.ReadVolume().Voxels);
        Assert.Equal("a slice is there twice; one of the two is used", Assert.Single(series.ReadHeader().Problems));
    }

    [Fact]
    public void Different_slices_at_one_place_are_refused_with_a_sentence()
    {
        for (var k = 0; k < 4; k++)
            Slice($"{k}", k / 2, (short)k, k);
        var found = Find();
        Assert.Empty(found.Series);
        var fault = Assert.Single(found.Refused);
        Assert.Equal(_folder.Path, fault.Path);
        Assert.Equal("holds a DICOM series that has up to 2 slices at one place, and nothing in their headers tells them apart; keep one of each", fault.Reason);
    }

    [Theory]
    [InlineData(0x00200012u, "IS")] // acquisition
    [InlineData(0x00180081u, "DS")] // echo time
    [InlineData(0x00200100u, "IS")] // time
    public void Runs_over_the_same_places_become_volumes_each(uint tag, string vr)
    {
        for (var k = 0; k < 6; k++)
            DicomBytes.Slice([(short)k], 1, [0, 0, k % 3], instance: k).Numbers(tag, vr, 1 + k / 3).Save(_folder[$"{k}"]);
        var series = Find().Series;
        Assert.Equal([1, 2], series.Select(one => one.Number!.Value));
        Assert.Equal(new float[] { 0, 1, 2 }, series[0].ReadVolume().Voxels);
        Assert.Equal(new float[] { 3, 4, 5 }, series[1].ReadVolume().Voxels);
        Assert.Contains("is one of 2 runs over the same places", Assert.Single(series[0].ReadHeader().Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Acquisitions_that_interleave_unevenly_are_parted()
    {
        for (var k = 0; k < 8; k++)
            DicomBytes.Slice([(short)k], 1, [0, 0, k / 4 * 0.7 + k % 4 * 2], instance: k).Numbers(0x00200012, "IS", k / 4).Save(_folder[$"{k}"]);
        Assert.Equal([2, 2], Find().Series.Select(series => series.ReadHeader().SpacingMm![2]));
    }

    [Fact]
    public void Orientations_and_series_in_one_folder_are_parted_and_a_scout_is_an_image()
    {
        for (var k = 0; k < 3; k++)
        {
            Slice($"a{k}", k, (short)k, k, "1.2.7");
            Slice($"b{k}", k, (short)(10 + k), k, "1.2.8");
        }

        DicomBytes.Slice([9], 1, [0, 0, 0], [0, 1, 0, 0, 0, -1], 99, "1.2.7").Save(_folder["scout"]);
        var found = Find();
        Assert.Equal([1, 2], found.Series.Select(series => series.Number!.Value));
        Assert.Equal([new float[] { 0, 1, 2 }, [10, 11, 12]], found.Series.Select(series => series.ReadVolume().Voxels));
        Assert.Equal(_folder["scout"], Assert.Single(found.Files).Path);
        Assert.Equal(3, Inspection.Inspect(_folder.Path).Count);
    }

    [Fact]
    public void Slices_of_one_series_may_lie_in_several_folders()
    {
        for (var k = 0; k < 4; k++)
        {
            Directory.CreateDirectory(_folder[$"{k / 2}"]);
            Slice($"{k / 2}/{k}", k, (short)k, k);
        }

        var series = OnlySeries();
        Assert.Equal(_folder.Path, series.Path);
        Assert.Equal(new float[] { 0, 1, 2, 3 }, series.ReadVolume().Voxels);
    }

    [Fact]
    public void Tomographs_without_places_follow_their_locations_and_radiographs_stay_images()
    {
        for (var k = 0; k < 3; k++)
        {
            DicomBytes.Slice([(short)k], 1, [0, 0, 0], instance: 3 - k).Without(0x00200032).Numbers(0x00201041, "DS", k).Save(_folder[$"ct{k}"]);
            DicomBytes.Slice([(short)k], 1, [0, 0, 0], instance: k, series: "1.2.5").Without(0x00200032).Without(0x00200037).Text(0x00080060, "CS", "DX").Save(_folder[$"dx{k}"]);
        }

        var found = Find();
        var series = Assert.Single(found.Series);
        Assert.Equal(new float[] { 0, 1, 2 }, series.ReadVolume().Voxels);
        Assert.Null(series.ReadHeader().Orientation);
        Assert.Equal(3, found.Files.Count);
    }

    [Fact]
    public void A_damaged_slice_is_named()
    {
        for (var k = 0; k < 3; k++)
            Slice($"{k}", k, (short)k, k);
        File.WriteAllBytes(_folder["1"], File.ReadAllBytes(_folder["1"])[..^2]);
        var found = Find();
        Assert.Single(found.Series);
        var fault = Assert.Single(found.Refused);
        Assert.Equal(_folder["1"], fault.Path);
        Assert.Contains("truncated", fault.Reason, StringComparison.Ordinal);
    }

    private void Slice(string name, double z, short value, int instance, string series = "1.2.3") =>
        DicomBytes.Slice([value], 1, [1, 2, z], instance: instance, series: series).Save(_folder[name]);

    private DicomFolder Find() => DicomSeries.Find(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));

    private DicomSeries OnlySeries()
    {
        var found = Find();
        Assert.Empty(found.Refused);
        Assert.Empty(found.Files);
        return Assert.Single(found.Series);
    }
}
