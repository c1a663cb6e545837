using System.Buffers.Binary;
using System.Text;
using Conjoint.Data;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data;

/// <summary>What the formats with a header beside their data, TIFF and JSRT become in a store.</summary>
public sealed class PrepareFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_header_and_its_data_are_one_case_with_the_header_s_geometry()
    {
        byte[] values = [.. Enumerable.Range(0, 24).Select(i => (byte)(10 * i))];
        Meta("set/images/a.mhd", "data/a.bin", values);
        Nrrd("set/images/b.nhdr", "b.raw", values);
        Meta("set/labels/a.mhd", "a.bin", [.. Enumerable.Range(0, 24).Select(i => (byte)(i % 2))]);
        var summary = Samples.Prepare(_folder["store"], null, _folder["set"]);

        Assert.Empty(summary.Skipped);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal(["set-images-a", "set-images-b"], store.Cases.Select(c => c.Id));
        Assert.All(store.Cases, c => Assert.Equal("LPS", c.Orientation));
        Assert.Equal([2, 0.75, 0.5], store.Cases[0].SpacingMm);
        Assert.Equal(Samples.Read(store, store.Cases[0]), Samples.Read(store, store.Cases[1]));
        Assert.Equal([1], store.MaskClasses);
    }

    [Fact]
    public void A_change_of_the_data_alone_makes_the_case_anew()
    {
        Meta("set/a.mhd", "a.raw", [.. Enumerable.Range(0, 24).Select(i => (byte)i)]);
        Assert.Equal(1, Samples.Prepare(_folder["store"], null, _folder["set"]).Written);
        Assert.Equal(1, Samples.Prepare(_folder["store"], null, _folder["set"]).Kept);
        File.WriteAllBytes(_folder["set/a.raw"], new byte[] { 200 }.Concat(Enumerable.Range(1, 23).Select(i => (byte)i)).ToArray());
        Assert.Equal(1, Samples.Prepare(_folder["store"], null, _folder["set"]).Written);
    }

    [Fact]
    public void A_header_that_leads_elsewhere_is_left_out_with_its_reason()
    {
        Meta("set/a.mhd", "a.raw", new byte[24]);
        File.WriteAllText(_folder["set/a.mhd"], File.ReadAllText(_folder["set/a.mhd"]).Replace("a.raw", "../../../../etc/passwd", StringComparison.Ordinal));
        Samples.Nifti(_folder["set/b.nii"], Samples.Volume(4, 5, 3, 1));
        var summary = Samples.Prepare(_folder["store"], null, _folder["set"]);
        Assert.Contains(summary.Skipped, skipped => skipped.Path == "set/a.mhd" && skipped.Reason.Contains("leads out of the header's folder", StringComparison.Ordinal));
        Assert.Equal(1, summary.Cases);
    }

    [Fact]
    public void Film_densities_are_turned_round_so_that_bone_is_bright()
    {
        var bytes = new byte[2 * 2048 * 2048];
        for (var i = 0; i < 2048 * 2048; i++)
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), (ushort)(i % 2048 * 2));
        Directory.CreateDirectory(_folder["set"]);
        File.WriteAllBytes(_folder["set/JPCLN001.IMG"], bytes);
        Samples.Prepare(_folder["store"], null, _folder["set"]);

        using var store = PreparedStore.Open(_folder["store"]);
        var image = Assert.Single(store.Cases);
        Assert.Equal(("image", 2048, 2048), (image.Kind, image.Height, image.Width));
        var values = Samples.Read(store, image);
        Assert.Equal((1, 0), (values[0], values[2047]));
        Assert.Equal(0.5, values[1024], 2e-3);
    }

    private void Meta(string name, string data, byte[] values) => Pair(name, data, values,
        $"ObjectType = Image\nNDims = 3\nDimSize = 4 3 2\nElementSpacing = 0.5 0.75 2\nElementType = MET_UCHAR\nElementDataFile = {data}\n");

    private void Nrrd(string name, string data, byte[] values) => Pair(name, data, values,
        $"NRRD0004\ntype: uchar\ndimension: 3\nspace: LPS\nsizes: 4 3 2\nspace directions: (0.5,0,0) (0,0.75,0) (0,0,2)\nencoding: raw\ndata file: {data}\n");

    private void Pair(string name, string data, byte[] values, string header)
    {
        File.WriteAllBytes(Samples.Folder(_folder[name]), Encoding.ASCII.GetBytes(header));
        File.WriteAllBytes(Samples.Folder(Path.Combine(Path.GetDirectoryName(_folder[name])!, data)), values);
    }
}
