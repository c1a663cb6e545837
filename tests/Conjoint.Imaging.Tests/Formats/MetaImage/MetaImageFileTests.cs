using System.Text;
using Conjoint.TestSupport;
using FsCheck.Xunit;

namespace Conjoint.Imaging.Tests.Formats.MetaImage;

public sealed class MetaImageFileTests : IDisposable
{
    private const string Header = "ObjectType = Image\nNDims = 3\nDimSize = 4 3 2\nElementSpacing = 0.5 0.75 2\n";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 30)]
    public void Every_type_and_order_is_read_in_one_file_and_in_two(int seed)
    {
        var random = new Random(seed);
        foreach (var type in StoredValues.Types)
        {
            var (bigEndian, compressed) = (random.Next(2) == 0, random.Next(2) == 0);
            var values = StoredValues.Random(random, 24, type);
            var bytes = StoredValues.Bytes(values, type, bigEndian);
            var data = compressed ? StoredValues.Zlib(bytes) : bytes;
            var header = Header + $"{(random.Next(2) == 0 ? "ElementByteOrderMSB" : "BinaryDataByteOrderMSB")} = {bigEndian}\n"
                + $"CompressedData = {compressed}\n" + (compressed && random.Next(2) == 0 ? $"CompressedDataSize = {data.Length}\n" : "")
                + $"ElementType = {Name(type)}\n";
            Write("a.mha", header + "ElementDataFile = LOCAL\n", data);
            Write("a.mhd", header + "ElementDataFile = a.zraw\n");
            File.WriteAllBytes(_folder["a.zraw"], data);
            foreach (var name in new[] { "a.mha", "a.mhd" })
            {
                var read = ImageFile.ReadVolume(_folder[name]);
                Assert.Equal(values, read.Voxels);
                Assert.Equal((4, 3, 2), (read.SizeX, read.SizeY, read.SizeZ));
                var entry = Assert.Single(Inspection.Inspect(_folder[name]));
                Assert.Equal((type.Name(), values.Min(), values.Max()), (entry.DType, (float)entry.Min!, (float)entry.Max!));
            }
        }
    }

    [Fact]
    public void Directions_follow_one_another_and_lie_in_LPS()
    {
        // The first axis runs along +y (to posterior), the second along −x (to the right), the third along +z.
        Write("d.mha", Header + "TransformMatrix = 0 1 0 -1 0 0 0 0 1\nOffset = 1 2 3\nCenterOfRotation = 9 9 9\nAnatomicalOrientation = RAI\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n", new byte[24]);
        var header = ImageFile.ReadHeader(_folder["d.mha"]);
        Assert.Equal("PRS", header.Orientation);
        Assert.Equal([0.5, 0.75, 2], header.SpacingMm);
        // ITK's point of voxel (1, 2, 1): (1, 2, 3) + 0.5·(0, 1, 0) + 2·0.75·(−1, 0, 0) + 2·(0, 0, 1) = (−0.5, 2.5, 5) in LPS.
        Assert.Equal((0.5, -2.5, 5), header.Affine!.Apply(1, 2, 1));
        Assert.Equal(header.Affine, ImageFile.ReadVolume(_folder["d.mha"]).Affine);
    }

    [Theory]
    [InlineData("ElementSize = 3 4 5\n", 3)]
    [InlineData("ElementSize = 3 4 5\nElementSpacing = 6 7 8\n", 6)]
    [InlineData("ElementSpacing = 0 7 8\n", 1)]
    [InlineData("", 1)]
    public void The_spacing_is_the_stated_one_else_the_element_s_size_else_1(string lines, double first)
    {
        Write("s.mha", $"NDims = 3\nDimSize = 1 1 1\n{lines}ElementType = MET_CHAR\nElementDataFile = LOCAL\n", 5);
        Assert.Equal(first, ImageFile.ReadHeader(_folder["s.mha"]).SpacingMm![0]);
    }

    [Theory]
    [InlineData("ElementDataFile = LIST\ns1.raw\nsub/s2.raw\n")]
    [InlineData("ElementDataFile = LIST 2D\ns1.raw\nsub/s2.raw\n")]
    [InlineData("ElementDataFile = s%d.raw 1 2 1\n")]
    [InlineData("ElementDataFile = s%d.raw 1 2\n")]
    [InlineData("HeaderSize = 5\nElementDataFile = both.raw\n")]
    [InlineData("HeaderSize = -1\nElementDataFile = both.raw\n")]
    [InlineData("BinaryData = False\nElementDataFile = text.raw\n")]
    public void Values_may_lie_in_several_files_behind_other_bytes_or_in_text(string end)
    {
        byte[] values = [.. Enumerable.Range(0, 24).Select(i => (byte)i)];
        Directory.CreateDirectory(_folder["sub"]);
        File.WriteAllBytes(_folder["s1.raw"], values[..12]);
        File.WriteAllBytes(_folder["s2.raw"], values[12..]);
        File.WriteAllBytes(_folder["sub/s2.raw"], values[12..]);
        File.WriteAllBytes(_folder["both.raw"], [9, 9, 9, 9, 9, .. values]);
        File.WriteAllText(_folder["text.raw"], string.Join(' ', values));
        Write("l.mhd", Header + "ElementType = MET_UCHAR\n" + end);
        Assert.Equal(values.Select(v => (float)v), ImageFile.ReadVolume(_folder["l.mhd"]).Voxels);
        Assert.All(ImageFile.DataFiles(_folder["l.mhd"]), file => Assert.True(File.Exists(file)));
    }

    [Fact]
    public void Two_dimensions_are_a_plain_image_and_a_fourth_is_time()
    {
        Write("i.mha", "ObjectType = Image\nNDims = 2\nDimSize = 3 2\nElementSpacing = 0.2 0.2\nElementType = MET_USHORT\nElementDataFile = LOCAL\n", 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 0xFF, 0xFF);
        var header = ImageFile.ReadHeader(_folder["i.mha"]);
        Assert.Equal([3, 2, 1], header.Shape);
        Assert.False(header.IsVolume);
        var image = ImageFile.ReadImage(_folder["i.mha"]);
        Assert.Equal((3, 2), (image.Width, image.Height));
        Assert.Equal([1, 2, 3, 4, 5, 65535], image.Pixels);

        Write("t.mha", "NDims = 4\nDimSize = 2 1 1 3\nElementSpacing = 1 1 1 9\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n", 1, 2, 3, 4, 5, 6);
        Assert.Equal(3, ImageFile.ReadHeader(_folder["t.mha"]).Frames);
        Assert.Equal([5, 6], ImageFile.ReadVolume(_folder["t.mha"], 2).Voxels);
        Assert.Contains("no frame 3", Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["t.mha"], 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_read_as_luminance_and_vectors_only_described()
    {
        Write("c.mha", "NDims = 2\nDimSize = 2 1\nElementNumberOfChannels = 3\nElementType = MET_UCHAR_ARRAY\nElementDataFile = LOCAL\n", 100, 0, 0, 7, 7, 7);
        Assert.Equal([29.9f, 7], ImageFile.ReadImage(_folder["c.mha"]).Pixels, (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal([2, 1, 1, 3], ImageFile.ReadHeader(_folder["c.mha"]).Shape);

        Write("v.mha", Header + "ElementNumberOfChannels = 2\nElementType = MET_CHAR\nElementDataFile = LOCAL\n", new byte[48]);
        Assert.Equal([4, 3, 2, 2], ImageFile.ReadHeader(_folder["v.mha"]).Shape);
        Assert.Contains("2 values a voxel", Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["v.mha"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ElementDataFile = ../x.raw", "leads out of the header's folder")]
    [InlineData("ElementDataFile = sub/../../x.raw", "leads out of the header's folder")]
    [InlineData("ElementDataFile = ..\\x.raw", "leads out of the header's folder")]
    [InlineData("ElementDataFile = /etc/passwd", "without drive or absolute path")]
    [InlineData("ElementDataFile = C:\\x.raw", "without drive or absolute path")]
    [InlineData("ElementDataFile = /dev/zero", "without drive or absolute path")]
    [InlineData("ElementDataFile = LIST\n/etc/passwd\n/etc/passwd", "without drive or absolute path")]
    [InlineData("ElementDataFile = %s.raw 1 2 1", "one number in it")]
    [InlineData("ElementDataFile = %1000000d.raw 1 2 1", "one number in it")]
    [InlineData("ElementDataFile = x%d.raw 1 2000000000 1", "1 to 65536 files")]
    [InlineData("ElementDataFile = gone.raw", "doesn't exist")]
    public void Only_files_beside_the_header_are_read(string end, string reason)
    {
        Write("p.mhd", Header + "ElementType = MET_UCHAR\n" + end);
        var fault = Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["p.mhd"]));
        Assert.Equal(_folder["p.mhd"], fault.Path);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ObjectType = Mesh\nNDims = 3\n", "of type Mesh")]
    [InlineData("NDims = 5\nDimSize = 1 1 1 1 1\nElementType = MET_CHAR\nElementDataFile = LOCAL\n", "5 dimensions")]
    [InlineData("NDims = 3\nDimSize = 1 1\nElementType = MET_CHAR\nElementDataFile = LOCAL\n", "3 numbers")]
    [InlineData("NDims = 3\nDimSize = 99999 99999 99999\nElementType = MET_CHAR\nElementDataFile = LOCAL\n", "at most")]
    [InlineData("NDims = 3\nDimSize = 9 9 -1\nElementType = MET_CHAR\nElementDataFile = LOCAL\n", "-1 voxels")]
    [InlineData("NDims = 3\nDimSize = 9 9 9\nElementType = MET_STRING\nElementDataFile = LOCAL\n", "MET_STRING")]
    [InlineData("NDims = 3\nDimSize = 9 9 9\nElementType = MET_CHAR\nElementDataFile = LOCAL\n", "can't hold")]
    [InlineData("NDims = 3\nDimSize = 9 9 9\nElementType = MET_CHAR\nElementNumberOfChannels = 0\nElementDataFile = LOCAL\n", "0 channels")]
    [InlineData("NDims = 3\nDimSize = 9 9 9\nElementType = MET_CHAR\n", "without ElementDataFile")]
    [InlineData("NDims = 1\nDimSize = 9\nElementType = MET_CHAR\nElementDataFile = LOCAL\n", "1 dimensions")]
    [InlineData("NDims = 3\nDimSize = 1 1 1\nTransformMatrix = 1 0 0 1 0 0 1 0 0\nElementType = MET_CHAR\nElementDataFile = LOCAL\n1", "can't be inverted")]
    public void What_cannot_be_read_is_named(string header, string reason)
    {
        Write("w.mha", header.StartsWith("Object", StringComparison.Ordinal) ? header + "ElementDataFile = LOCAL\n" : header);
        var fault = Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["w.mha"]));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Damaged_files_give_a_result_or_a_reason(bool compressed)
    {
        var bytes = new byte[24 * 2 * 30];
        new Random(3).NextBytes(bytes.AsSpan(0, 800));
        var header = Header.Replace("4 3 2", "12 10 6", StringComparison.Ordinal) + $"CompressedData = {compressed}\nElementType = MET_SHORT\nElementDataFile = LOCAL\n";
        byte[] file = [.. Encoding.ASCII.GetBytes(header), .. compressed ? StoredValues.Zlib(bytes) : bytes];
        FaultInjection.EveryPrefix(file, ".mha");
        foreach (var missing in Enumerable.Range(1, 8))
        {
            File.WriteAllBytes(_folder["cut.mha"], file[..^missing]);
            Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["cut.mha"]));
        }

        FaultInjection.BitFlips(file, ".mha", headerBytes: header.Length);
    }

    [Fact]
    public void A_size_that_the_compressed_bytes_could_hold_is_counted_first()
    {
        var noise = new byte[400_000];
        new Random(5).NextBytes(noise);
        var header = "NDims = 3\nDimSize = 600 600 600\nCompressedData = True\nElementType = MET_CHAR\nElementDataFile = LOCAL\n";
        byte[] file = [.. Encoding.ASCII.GetBytes(header), .. StoredValues.Zlib(noise)];
        FaultInjection.ReadAll(_folder["claim.mha"], file, "a false size");
        Assert.Contains("truncated", Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["claim.mha"])).Message, StringComparison.Ordinal);
    }

    private static string Name(ElementType type) => type switch
    {
        ElementType.Int8 => "MET_CHAR",
        ElementType.UInt8 => "MET_UCHAR",
        ElementType.Int16 => "MET_SHORT",
        ElementType.UInt16 => "MET_USHORT",
        ElementType.Int32 => "MET_LONG",
        ElementType.UInt32 => "MET_UINT",
        ElementType.Int64 => "MET_LONG_LONG",
        ElementType.UInt64 => "MET_ULONG_LONG",
        ElementType.Float32 => "MET_FLOAT",
        _ => "MET_DOUBLE",
    };

    private void Write(string name, string header, params byte[] data) =>
        File.WriteAllBytes(_folder[name], [.. Encoding.ASCII.GetBytes(header), .. data]);
}
