using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests.Formats.Nifti;

/// <summary>Pairs without NIfTI's mark. Affines are those of nibabel's Spm2AnalyzeImage.</summary>
public sealed class AnalyzeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Voxels_spacing_and_slope_are_read_and_the_assumed_orientation_told(bool bigEndian)
    {
        Write(Header(bigEndian).Singles(112, 0.5f), bigEndian ? [1, 0, 0, 2] : [0, 1, 2, 0]);
        var header = ImageFile.ReadHeader(_folder["a.hdr"]);
        Assert.Equal([2, 1, 1], header.Shape);
        Assert.Equal("LAS", header.Orientation);
        Assert.Equal([1.5, 2, 3], header.SpacingMm);
        Assert.Contains("Analyze 7.5", Assert.Single(header.Problems), StringComparison.Ordinal);
        var volume = ImageFile.ReadVolume(_folder["a.hdr"]);
        Assert.Equal([128, 1], volume.Voxels);
        Assert.Equal((0.75, 0, 0), volume.Affine.Apply(0, 0, 0));
    }

    [Fact]
    public void The_origin_voxel_of_SPM_is_the_origin_of_space()
    {
        Write(Header(false).Int16(253, 2).Int16(255, 1).Int16(257, 1), [0, 1, 2, 0]);
        Assert.Equal((0, 0, 0), ImageFile.ReadVolume(_folder["a.hdr"]).Affine.Apply(1, 0, 0));
    }

    [Fact]
    public void Without_the_name_of_a_header_it_is_nothing()
    {
        Write(Header(false), [0, 1, 2, 0]);
        File.Move(_folder["a.hdr"], _folder["a.nii"]);
        Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["a.nii"]));
    }

    private static NiftiBytes Header(bool bigEndian) => new NiftiBytes(4, [2, 1, 1], bigEndian).Singles(76, 0, 1.5f, 2, 3);

    private void Write(NiftiBytes header, byte[] voxels)
    {
        var bytes = header.ForPair();
        Array.Clear(bytes, 344, 4);
        File.WriteAllBytes(_folder["a.hdr"], bytes);
        File.WriteAllBytes(_folder["a.img"], voxels);
    }
}
