using System.Buffers.Binary;
using System.IO.Compression;
using Conjoint.Runtime;
using Conjoint.Runtime.PyTorchFiles;
using Conjoint.TestSupport;
using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace Conjoint.Tests.Runtime.PyTorchFiles;

public sealed class PyTorchWriterTests : IDisposable
{
    private static readonly ScalarType[] s_types =
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8,
        ScalarType.Byte, ScalarType.Bool,
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Path => _folder["x.pth"];

    [Fact]
    public void What_is_written_is_read_for_every_type_and_shape()
    {
        var shapes = Gen.Choose(0, 5).ListOf().Where(s => s.Count <= 5).Select(s => s.Select(n => (long)n).ToArray());
        var cases = Gen.Elements(s_types).Zip(shapes).ListOf().ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(cases, list =>
        {
            using var scope = NewDisposeScope();
            var written = list.Select((c, i) => KeyValuePair.Create(
                $"net.{i}.wéight", (arange(c.Item2.Aggregate(1L, (p, n) => p * n), ScalarType.Float32).remainder(7) - 2).abs().to(c.Item1).reshape(c.Item2))).ToList();
            if (written.Count == 0)
                return;
            PyTorchWriter.Write(Path, written);
            using var file = PyTorchFile.Read(Path);
            Assert.Equal(written.Select(w => w.Key), file.Tensors.Keys);
            Assert.All(written, w =>
            {
                Assert.Equal(w.Value.dtype, file.Tensors[w.Key].dtype);
                Assert.Equal(w.Value.shape, file.Tensors[w.Key].shape);
                Assert.True(file.Tensors[w.Key].Equals(w.Value));
            });
        }));
    }

    [Fact]
    public void A_view_is_written_with_its_own_numbers()
    {
        using var scope = NewDisposeScope();
        var turned = arange(12, ScalarType.Float32).reshape(3, 4).t();
        PyTorchWriter.Write(Path, [new("w", turned)]);
        using var file = PyTorchFile.Read(Path);
        Assert.True(file.Tensors["w"].Equals(turned));
    }

    [Fact]
    public void The_pickle_is_what_torch_save_needs_and_nothing_more()
    {
        using var value = tensor(new float[] { 1, 2 });
        PyTorchWriter.Write(Path, [new("w", value)]);
        using var zip = ZipFile.OpenRead(Path);
        Assert.Equal(["archive/data.pkl", "archive/byteorder", "archive/data/0", "archive/version"], zip.Entries.Select(e => e.FullName));
        Assert.Equal("3\n"u8.ToArray(), Content(zip, "archive/version"));
        Assert.Equal("little"u8.ToArray(), Content(zip, "archive/byteorder"));
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40], Content(zip, "archive/data/0"));
        // Kept values are put and recalled: 0 OrderedDict, 1 _rebuild_tensor_v2, 2 'storage', 3 FloatStorage, 4 'cpu'.
        var expected = new PickleBytes().Op("ccollections\nOrderedDict\nq").Op(0).Op(")R(").Text("w")
            .Op("ctorch._utils\n_rebuild_tensor_v2\nq").Op(1).Op("((").Text("storage").Op("q").Op(2).Op("ctorch\nFloatStorage\nq").Op(3)
            .Text("0").Text("cpu").Op("q").Op(4).Op("J").Four(2).Op("tQ")
            .Op("J").Four(0).Op("(J").Four(2).Op("t(J").Four(1).Op("t").Op(0x89).Op("h").Op(0).Op(")RtRu").End();
        Assert.Equal(expected, Content(zip, "archive/data.pkl"));
    }

    [Fact]
    public void Data_begin_at_multiples_of_64_and_bytes_are_the_same_every_time()
    {
        using var scope = NewDisposeScope();
        KeyValuePair<string, Tensor>[] tensors = [new("a", ones(3)), new("bcd", ones(5, 7, dtype: ScalarType.Int8)), new("e", zeros(1))];
        PyTorchWriter.Write(Path, tensors);
        PyTorchWriter.Write(_folder["y.pth"], tensors);
        var bytes = File.ReadAllBytes(Path);
        Assert.Equal(bytes, File.ReadAllBytes(_folder["y.pth"]));

        // Each local header says where its data begin: 30 bytes, the name, the extra field.
        var (place, seen) = (0, 0);
        while (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(place)) == 0x04034b50)
        {
            var start = place + 30 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(place + 26)) + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(place + 28));
            Assert.Equal(0, start % 64);
            place = start + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(place + 22));
            seen++;
        }

        Assert.Equal(6, seen);
    }

    [Fact]
    public void The_card_travels_beside_the_tensors()
    {
        using var value = ones(2);
        var card = new WeightsCard { Preset = "tiny", Method = "swav", Stage = "slices", Input = InputNormalisation.Plain };
        PyTorchWriter.Write(Path, [new("w", value)], card);
        using var file = TensorFile.Read(Path);
        Assert.Equal(card.ToJson(), file.Card!.ToJson());
        Assert.Equal(["w"], file.Tensors.Keys);
    }

    [Fact]
    public void Names_given_twice_and_types_without_a_storage_are_refused()
    {
        using var value = ones(1);
        using var complex = ones(1, dtype: ScalarType.ComplexFloat32);
        Assert.Throws<ArgumentException>(() => PyTorchWriter.Write(Path, [new("w", value), new("w", value)]));
        Assert.Throws<ArgumentException>(() => PyTorchWriter.Write(Path, [new("w", complex)]));
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var value = ones(64, 3);
        using var turned = value.t();
        LeakGuard.AssertNothingIsLeft(() => PyTorchWriter.Write(Path, [new("w", turned)]));
    }

    private static byte[] Content(ZipArchive zip, string name)
    {
        using var stream = zip.GetEntry(name)!.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
