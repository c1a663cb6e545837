using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests.Formats.Nifti;

/// <summary>Headers that other programs write: byte orders, frames, scaling, orientations, pairs.</summary>
public sealed class NiftiHeaderTests : IDisposable
{
    private const float Half = 0.70710678f;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Big_endian_voxels_and_header_are_read()
    {
        Save(new NiftiBytes(4, [2, 1, 1], bigEndian: true).Sform(1, 1, 0, 0, 9, 0, 1, 0, 0, 0, 0, 1, 0).With(0x01, 0x02, 0xFF, 0xFE));
        var volume = ImageFile.ReadVolume(_folder["x.nii"]);
        Assert.Equal([258, -2], volume.Voxels);
        Assert.Equal(9, volume.Affine[0, 3]);
    }

    [Fact]
    public void Slope_and_intercept_apply()
    {
        Save(new NiftiBytes(2, [3, 1, 1]).Singles(112, 0.5f, -20).With(0, 10, 255));
        Assert.Equal([-20, -15, 107.5f], ImageFile.ReadVolume(_folder["x.nii"]).Voxels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_slope_that_cannot_be_meant_is_left_out(float slope)
    {
        Save(new NiftiBytes(2, [1, 1, 1]).Singles(112, slope, 7).With(3));
        Assert.Equal([3], ImageFile.ReadVolume(_folder["x.nii"]).Voxels);
    }

    [Fact]
    public void Frames_follow_one_another()
    {
        Save(new NiftiBytes(2, [2, 1, 1, 2, 2]).With(1, 2, 3, 4, 5, 6, 7, 8));
        Assert.Equal([2, 1, 1, 2, 2], ImageFile.ReadHeader(_folder["x.nii"]).Shape);
        Assert.Equal(4, ImageFile.ReadHeader(_folder["x.nii"]).Frames);
        Assert.Equal([1, 2], ImageFile.ReadVolume(_folder["x.nii"]).Voxels);
        Assert.Equal([7, 8], ImageFile.ReadVolume(_folder["x.nii"], 3).Voxels);
        Assert.Contains("no frame 4", Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["x.nii"], 4)).Message, StringComparison.Ordinal);
        var entry = Assert.Single(Inspection.Inspect(_folder["x.nii"]));
        Assert.Equal((1, 8, 4.5, 4), (entry.Min, entry.Max, entry.Mean, entry.Frames));
    }

    [Fact]
    public void The_sform_goes_before_the_qform()
    {
        Save(new NiftiBytes(2, [1, 1, 1]).Qform(1, 1, [4, 5, 6], [0, 0, 0], [1, 2, 3]).Sform(2, -1, 0, 0, 7, 0, 1, 0, 8, 0, 0, 1, 9).With(0));
        var header = ImageFile.ReadHeader(_folder["x.nii"]);
        Assert.Equal("LAS", header.Orientation);
        Assert.Equal(7, header.Affine![0, 3]);
        Assert.Equal([4, 5, 6], header.SpacingMm);
        Assert.Contains("different spacings", Assert.Single(header.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, new[] { 0f, 0, 0 }, "RAS")]
    [InlineData(0, new[] { 0f, 0, 0 }, "RAS")]
    [InlineData(-1, new[] { 0f, 0, 0 }, "RAI")]
    [InlineData(1, new[] { 0f, 0, 1 }, "LPS")]
    [InlineData(-1, new[] { 0f, 1, 0 }, "LAS")]
    [InlineData(1, new[] { Half, 0, 0 }, "RSP")] // a quarter turn about x takes y to z and z to −y
    [InlineData(1, new[] { 0, 0, Half }, "ALS")]
    public void The_quaternion_and_qfac_turn_the_axes(float qfac, float[] quaternion, string codes)
    {
        Save(new NiftiBytes(2, [1, 1, 1]).Qform(1, qfac, [2, 3, 4], quaternion, [10, 20, 30]).With(0));
        var header = ImageFile.ReadHeader(_folder["x.nii"]);
        Assert.Equal(codes, header.Orientation);
        Assert.Equal([2, 3, 4], Enumerable.Range(0, 3).Select(axis => Math.Round(header.Affine!.SpacingMm(axis), 5)));
        Assert.Equal((10, 20, 30), header.Affine!.Apply(0, 0, 0));
    }

    [Fact]
    public void Without_codes_spacings_alone_count_as_nibabel_takes_them()
    {
        Save(new NiftiBytes(2, [3, 5, 1]).Singles(76, 1, 2, 3, 4).With(new byte[15]));
        var header = ImageFile.ReadHeader(_folder["x.nii"]);
        Assert.Equal("LAS", header.Orientation);
        Assert.Equal((0, 0, 0), header.Affine!.Apply(1, 2, 0));
        Assert.Equal([2, 3, 4], header.SpacingMm);
        Assert.NotEmpty(header.Problems);
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 1)]
    [InlineData(3, 0.001)]
    public void Lengths_are_converted_to_mm(byte unit, double factor)
    {
        Save(new NiftiBytes(2, [1, 1, 1]).Byte(123, unit).Sform(1, 2, 0, 0, 3, 0, 2, 0, 0, 0, 0, 2, 0).Singles(80, 2, 2, 2).With(0));
        var header = ImageFile.ReadHeader(_folder["x.nii"]);
        Assert.Equal(2 * factor, header.SpacingMm![0], 1e-9);
        Assert.Equal(2 * factor, header.Affine!.SpacingMm(0), 1e-9);
        Assert.Equal(3 * factor, header.Affine[0, 3], 1e-9);
    }

    [Fact]
    public void A_flat_affine_is_told_by_inspection_and_refused_by_reading()
    {
        Save(new NiftiBytes(2, [1, 1, 1]).Sform(1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0).With(0));
        Assert.Contains("can't be inverted", Assert.Single(ImageFile.ReadHeader(_folder["x.nii"]).Problems), StringComparison.Ordinal);
        Assert.Contains("can't be inverted", Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["x.nii"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_spacing_without_an_sform_counts_as_1_mm()
    {
        Save(new NiftiBytes(2, [1, 1, 1]).Qform(1, 1, [2, 0, 2], [0, 0, 0], [0, 0, 0]).With(0));
        var header = ImageFile.ReadHeader(_folder["x.nii"]);
        Assert.Equal([2, 1, 2], header.SpacingMm);
        Assert.Contains("axis 2", Assert.Single(header.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_is_read_through_its_header()
    {
        File.WriteAllBytes(_folder["p.hdr"], new NiftiBytes(2, [2, 1, 1]).ForPair());
        Assert.Contains("p.img", Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["p.hdr"])).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_folder["p.img"], [4, 5]);
        Assert.Equal([4, 5], ImageFile.ReadVolume(_folder["p.hdr"]).Voxels);
    }

    [Theory]
    [InlineData(128, "RGB")]
    [InlineData(32, "complex")]
    [InlineData(1536, "128-bit")]
    [InlineData(77, "unknown")]
    public void Values_that_are_no_plain_numbers_are_refused(short datatype, string reason)
    {
        Save(new NiftiBytes(datatype, [1, 1, 1]).With(new byte[32]));
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(_folder["x.nii"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40, 0, "0 dimensions")]
    [InlineData(40, 8, "8 dimensions")]
    [InlineData(44, 0, "0 voxels along axis 2")]
    [InlineData(44, -5, "-5 voxels along axis 2")]
    public void Impossible_sizes_are_refused(int at, short value, string reason)
    {
        Save(new NiftiBytes(2, [1, 1, 1]).Int16(at, value).With(0));
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(_folder["x.nii"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plain_image_in_NIfTI_has_one_slice()
    {
        Save(new NiftiBytes(2, [2, 3]).With(1, 2, 3, 4, 5, 6));
        Assert.Equal([2, 3, 1], ImageFile.ReadHeader(_folder["x.nii"]).Shape);
        Assert.Equal(1, ImageFile.ReadVolume(_folder["x.nii"]).SizeZ);
        Assert.Equal((2, 3), (ImageFile.ReadImage(_folder["x.nii"]).Width, ImageFile.ReadImage(_folder["x.nii"]).Height));
    }

    private void Save(byte[] bytes) => File.WriteAllBytes(_folder["x.nii"], bytes);
}
