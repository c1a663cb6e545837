using System.Globalization;
using System.Text;
using Conjoint.TestSupport;
using FsCheck.Xunit;

namespace Conjoint.Imaging.Tests.Formats.Nrrd;

public sealed class NrrdFileTests : IDisposable
{
    private const string Plain = "NRRD0004\ntype: uchar\ndimension: 3\nsizes: 4 3 2\nspacings: 1 2 3\nencoding: raw\n";
    private static readonly string[] Encodings = ["raw", "gzip", "bzip2", "ascii", "hex"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 15)]
    public void Every_type_encoding_and_order_is_read_attached_and_detached(int seed)
    {
        var random = new Random(seed);
        foreach (var type in StoredValues.Types)
        {
            foreach (var encoding in Encodings)
            {
                var bigEndian = random.Next(2) == 0;
                var values = StoredValues.Random(random, 24, type);
                var header = $"NRRD0005\n# a comment\ntype: {Name(type)}\ndimension: 3\nsizes: 4 3 2\nspacings: 1 2 3\nkey:=a value: with colon\n"
                    + $"endian: {(bigEndian ? "big" : "little")}\nencoding: {encoding}\n";
                var data = Encode(values, type, bigEndian, encoding);
                Write("a.nrrd", header + "\n", data);
                Write("a.nhdr", header + "data file: a.dat\n");
                File.WriteAllBytes(_folder["a.dat"], data);
                foreach (var name in new[] { "a.nrrd", "a.nhdr" })
                {
                    var read = ImageFile.ReadVolume(_folder[name]);
                    Assert.Equal(values, read.Voxels);
                    var entry = Assert.Single(Inspection.Inspect(_folder[name]));
                    Assert.Equal((type.Name(), values.Min(), values.Max()), (entry.DType, (float)entry.Min!, (float)entry.Max!));
                }
            }
        }
    }

    [Theory]
    [InlineData("left-posterior-superior", "LPS", -1, -2, 3)]
    [InlineData("LPS", "LPS", -1, -2, 3)]
    [InlineData("RAS", "RAS", 1, 2, 3)]
    [InlineData("right-anterior-superior-time", "RAS", 1, 2, 3)]
    [InlineData("LAS", "LAS", -1, 2, 3)]
    [InlineData("scanner-xyz", "LPS", -1, -2, 3)]
    public void The_space_says_where_the_directions_lead(string space, string codes, double x, double y, double z)
    {
        Write("g.nrrd", $"NRRD0005\ntype: uchar\ndimension: 3\nspace: {space}\nsizes: 1 1 2\nspace directions: (0.5,0,0) (0,0.75,0) (0, 0, 2)\nspace origin: (1,2,3)\nencoding: raw\n\n", 1, 2);
        var header = ImageFile.ReadHeader(_folder["g.nrrd"]);
        Assert.Equal(codes, header.Orientation);
        Assert.Equal([0.5, 0.75, 2], header.SpacingMm);
        Assert.Equal((x, y, z + 2), header.Affine!.Apply(0, 0, 1));
        Assert.Equal(header.Affine, ImageFile.ReadVolume(_folder["g.nrrd"]).Affine);
    }

    [Fact]
    public void Lengths_in_other_units_are_converted()
    {
        Write("u.nrrd", "NRRD0005\ntype: uchar\ndimension: 3\nspace: RAS\nsizes: 1 1 1\nspace directions: (0.1,0,0) (0,0.1,0) (0,0,0.2)\nspace units: \"cm\" \"cm\" \"cm\"\nspace origin: (1,0,0)\nencoding: raw\n\n", 1);
        var header = ImageFile.ReadHeader(_folder["u.nrrd"]);
        Assert.Equal([1, 1, 2], header.SpacingMm);
        Assert.Equal(10, header.Affine![0, 3]);
        Assert.Contains(header.Problems, problem => problem.Contains("stated in cm", StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_may_be_the_first_axis_or_the_last()
    {
        byte[] values = [.. Enumerable.Range(0, 12).Select(i => (byte)i)];
        Write("first.nrrd", "NRRD0005\ntype: uchar\ndimension: 4\nspace: RAS\nsizes: 3 2 2 1\nspace directions: none (1,0,0) (0,1,0) (0,0,1)\nkinds: list domain domain domain\nencoding: raw\n\n", values);
        Write("last.nrrd", "NRRD0005\ntype: uchar\ndimension: 4\nspace: RAS\nsizes: 2 2 1 3\nspace directions: (1,0,0) (0,1,0) (0,0,1) none\nencoding: raw\n\n", values);
        Write("kinds.nrrd", "NRRD0005\ntype: uchar\ndimension: 4\nsizes: 3 2 2 1\nkinds: time space space space\nencoding: raw\n\n", values);
        foreach (var name in new[] { "first.nrrd", "last.nrrd", "kinds.nrrd" })
        {
            Assert.Equal([2, 2, 1, 3], ImageFile.ReadHeader(_folder[name]).Shape);
            Assert.Equal(3, ImageFile.ReadHeader(_folder[name]).Frames);
        }

        Assert.Equal([1, 4, 7, 10], ImageFile.ReadVolume(_folder["first.nrrd"], 1).Voxels);
        Assert.Equal([1, 4, 7, 10], ImageFile.ReadVolume(_folder["kinds.nrrd"], 1).Voxels);
        Assert.Equal([4, 5, 6, 7], ImageFile.ReadVolume(_folder["last.nrrd"], 1).Voxels);
    }

    [Fact]
    public void A_list_first_longer_than_a_chunk_is_picked_apart()
    {
        var random = new Random(4);
        var values = StoredValues.Random(random, 5 * 64 * 63 * 40, ElementType.Int16);
        Write("big.nrrd", "NRRD0005\ntype: short\ndimension: 4\nsizes: 5 64 63 40\nkinds: list space space space\nendian: little\nencoding: raw\n\n", StoredValues.Bytes(values, ElementType.Int16, false));
        Assert.Equal(values.Where((_, i) => i % 5 == 3), ImageFile.ReadVolume(_folder["big.nrrd"], 3).Voxels);
    }

    [Fact]
    public void Colours_are_read_as_luminance_wherever_their_axis_is()
    {
        Write("c.nrrd", "NRRD0005\ntype: float\ndimension: 3\nsizes: 3 2 1\nkinds: RGB-color domain domain\nendian: big\nencoding: ascii\n\n", "100 0 0 7 7 7"u8.ToArray());
        Write("planes.nrrd", "NRRD0005\ntype: uchar\ndimension: 3\nsizes: 2 1 3\nkinds: domain domain RGB-color\nencoding: ascii\n\n", "100 7 0 7 0 7"u8.ToArray());
        foreach (var name in new[] { "c.nrrd", "planes.nrrd" })
        {
            Assert.Equal([29.9f, 7], ImageFile.ReadImage(_folder[name]).Pixels, (a, b) => Math.Abs(a - b) < 1e-4);
            Assert.Equal([2, 1, 1, 3], ImageFile.ReadHeader(_folder[name]).Shape);
            Assert.False(ImageFile.ReadHeader(_folder[name]).IsVolume);
        }

        Write("v.nrrd", "NRRD0005\ntype: float\ndimension: 4\nsizes: 3 1 1 1\nkinds: vector domain domain domain\nencoding: ascii\n\n", "1 2 3"u8.ToArray());
        Assert.Contains("3 values a voxel", Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["v.nrrd"])).Message, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(Inspection.Inspect(_folder["v.nrrd"])).Mean);
    }

    [Theory]
    [InlineData("data file: LIST\ns1.raw\nsub/s2.raw\n")]
    [InlineData("datafile: LIST 2\ns1.raw\nsub/s2.raw\n")]
    [InlineData("data file: s%01d.raw 1 2 1 2\n")]
    [InlineData("byte skip: 5\ndata file: both.raw\n")]
    [InlineData("byteskip: -1\ndata file: both.raw\n")]
    [InlineData("line skip: 2\nbyte skip: 1\ndata file: lines.raw\n")]
    public void Values_may_lie_in_several_files_and_behind_lines_or_bytes(string end)
    {
        byte[] values = [.. Enumerable.Range(0, 24).Select(i => (byte)i)];
        Directory.CreateDirectory(_folder["sub"]);
        File.WriteAllBytes(_folder["s1.raw"], values[..12]);
        File.WriteAllBytes(_folder["s2.raw"], values[12..]);
        File.WriteAllBytes(_folder["sub/s2.raw"], values[12..]);
        File.WriteAllBytes(_folder["both.raw"], [9, 9, 9, 9, 9, .. values]);
        File.WriteAllBytes(_folder["lines.raw"], [.. "one\ntwo\n!"u8, .. values]);
        Write("l.nhdr", Plain + end);
        Assert.Equal(values.Select(v => (float)v), ImageFile.ReadVolume(_folder["l.nhdr"]).Voxels);
    }

    [Fact]
    public void Bytes_to_skip_are_counted_after_decompression()
    {
        byte[] values = [.. Enumerable.Range(0, 24).Select(i => (byte)i)];
        Write("z.nrrd", Plain.Replace("raw", "gzip", StringComparison.Ordinal) + "byte skip: 3\n\n", StoredValues.Gzip([7, 7, 7, .. values]));
        Assert.Equal(values.Select(v => (float)v), ImageFile.ReadVolume(_folder["z.nrrd"]).Voxels);
    }

    [Theory]
    [InlineData("data file: ../x.raw", "leads out of the header's folder")]
    [InlineData("data file: ../../etc/passwd", "leads out of the header's folder")]
    [InlineData("data file: /etc/passwd", "without drive or absolute path")]
    [InlineData("data file: LIST\n/dev/zero\n/dev/zero", "without drive or absolute path")]
    [InlineData("data file: x%n.raw 1 2 1", "one number in it")]
    [InlineData("data file: x%d%d.raw 1 2 1", "one number in it")]
    [InlineData("data file: x%d.raw 1 2 0", "1 to 65536 files")]
    [InlineData("data file: gone.raw", "doesn't exist")]
    public void Only_files_beside_the_header_are_read(string end, string reason)
    {
        Write("p.nhdr", Plain + end);
        var fault = Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["p.nhdr"]));
        Assert.Equal(_folder["p.nhdr"], fault.Path);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_behind_a_link_ends_at_once()
    {
        File.CreateSymbolicLink(_folder["zero.raw"], "/dev/zero");
        Write("d.nhdr", Plain + "data file: zero.raw\n");
        Assert.Contains("no ordinary file", Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["d.nhdr"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type: block", "type 'block'")]
    [InlineData("encoding: zrl", "encoding 'zrl'")]
    [InlineData("sizes: 4 3", "2 sizes")]
    [InlineData("sizes: 4 3 0", "'0' voxels")]
    [InlineData("sizes: 90000 90000 90000", "at most")]
    [InlineData("dimension: 99", "99 axes")]
    [InlineData("space: sideways", "'sideways'")]
    [InlineData("space: RAS\nspace directions: (1,0,0) (0,1,0)", "2 space directions")]
    [InlineData("space: RAS\nspace directions: (1,0,0) (0,1,0) (0,x,1)", "'x'")]
    [InlineData("space: RAS\nspace directions: (1,0,0) none (0,0,1)", "between those in space")]
    [InlineData("space: RAS\nspace directions: (1,0,0) (1,0,0) (0,0,1)", "can't be inverted")]
    [InlineData("byte skip: -1\nencoding: gzip", "below 0")]
    [InlineData("nothing", "expected 'field: description'")]
    public void What_cannot_be_read_is_named(string line, string reason)
    {
        var changed = line.Split('\n').Aggregate(Plain, (header, field) =>
        {
            var name = field.Split(':')[0] + ":";
            var lines = header.Split('\n').Where(old => !old.StartsWith(name, StringComparison.Ordinal) && old.Length > 0);
            return string.Join('\n', [.. lines, field]) + "\n";
        });
        Write("w.nrrd", changed + "\n", new byte[24]);
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["w.nrrd"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ascii", "1 2 x 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24", "no number")]
    [InlineData("ascii", "1 2 300 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24", "doesn't fit into uint8")]
    [InlineData("ascii", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23", "missing")]
    [InlineData("hex", "000102030405060708090a0b0c0d0e0f10111213141516zz", "hexadecimal")]
    [InlineData("hex", "000102030405060708090a0b0c0d0e0f1011121314151617 8", "")]
    public void Damaged_text_is_told(string encoding, string text, string reason)
    {
        Write("t.nrrd", Plain.Replace("raw", encoding, StringComparison.Ordinal) + "\n", Encoding.ASCII.GetBytes(text));
        if (reason.Length == 0)
            Assert.Equal(23, ImageFile.ReadVolume(_folder["t.nrrd"])[3, 2, 1]);
        else
            Assert.Contains(reason, Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["t.nrrd"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("raw")]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    [InlineData("hex")]
    public void Damaged_files_give_a_result_or_a_reason(string encoding)
    {
        var random = new Random(3);
        var values = StoredValues.Random(random, 720, ElementType.Int16);
        Array.Clear(values, 300, 300);
        var header = "NRRD0005\ntype: short\ndimension: 3\nspace: LPS\nsizes: 12 10 6\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nkinds: domain domain domain\nendian: little\n" + $"encoding: {encoding}\n\n";
        byte[] file = [.. Encoding.ASCII.GetBytes(header), .. Encode(values, ElementType.Int16, false, encoding)];
        FaultInjection.EveryPrefix(file, ".nrrd");
        FaultInjection.BitFlips(file, ".nrrd", headerBytes: header.Length + 20);
    }

    [Fact]
    public void A_bzip2_bomb_is_counted_before_memory_is_taken()
    {
        var header = "NRRD0005\ntype: uchar\ndimension: 3\nsizes: 1000 1000 1000\nencoding: bzip2\n\n";
        byte[] file = [.. Encoding.ASCII.GetBytes(header), .. StoredValues.Bzip2(new byte[5_000_000])];
        FaultInjection.ReadAll(_folder["bomb.nrrd"], file, "a false size");
    }

    [Fact]
    public void A_header_without_end_is_refused()
    {
        File.WriteAllBytes(_folder["long.nrrd"], [.. "NRRD0005\n"u8, .. Enumerable.Repeat((byte)'#', 3 << 20)]);
        Assert.Contains("text header of more than", Assert.Throws<InputDataException>(() => ImageFile.ReadHeader(_folder["long.nrrd"])).Message, StringComparison.Ordinal);
    }

    private static byte[] Encode(float[] values, ElementType type, bool bigEndian, string encoding)
    {
        var bytes = StoredValues.Bytes(values, type, bigEndian);
        return encoding switch
        {
            "gzip" => StoredValues.Gzip(bytes),
            "bzip2" => StoredValues.Bzip2(bytes),
            "ascii" => Encoding.ASCII.GetBytes(string.Join(' ', values.Select(v => v.ToString(CultureInfo.InvariantCulture)))),
            "hex" => Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)),
            _ => bytes,
        };
    }

    private static string Name(ElementType type) => type switch
    {
        ElementType.Int8 => "signed char",
        ElementType.UInt8 => "uint8_t",
        ElementType.Int16 => "short",
        ElementType.UInt16 => "unsigned short int",
        ElementType.Int32 => "int32",
        ElementType.UInt32 => "uint",
        ElementType.Int64 => "long long int",
        ElementType.UInt64 => "ulonglong",
        ElementType.Float32 => "float",
        _ => "double",
    };

    private void Write(string name, string header, params byte[] data) =>
        File.WriteAllBytes(_folder[name], [.. Encoding.ASCII.GetBytes(header), .. data]);
}
