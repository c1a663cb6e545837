using System.IO.Compression;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Runtime.PyTorchFiles;
using Conjoint.TestSupport;
using static TorchSharp.torch;

namespace Conjoint.Tests.Runtime.PyTorchFiles;

public sealed class PyTorchFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Path => _folder["x.pth"];

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    public void What_PyTorch_wrote_is_read(string name)
    {
        using var scope = NewDisposeScope();
        using var file = PyTorchFile.Read(System.IO.Path.Combine(Repository.Folder, "tests/Conjoint.Tests/Runtime/PyTorchFiles/Written", name));
        Assert.Equal("state_dict", file.Header.Place);
        var t = arange(24, ScalarType.Int64).reshape(2, 3, 4);
        var expected = new Dictionary<string, Tensor>
        {
            ["float32"] = t.to(ScalarType.Float32).transpose(0, 2),
            ["int64"] = t.narrow(0, 1, 1).select(1, 1),
            ["scalar"] = tensor(true),
            ["bfloat16"] = t.to(ScalarType.BFloat16),
            ["float16"] = t.to(ScalarType.Float16),
            ["float64"] = t.to(ScalarType.Float64).index_select(1, tensor(new long[] { 0, 2 })),
            ["int32"] = t.to(ScalarType.Int32),
            ["int16"] = t.to(ScalarType.Int16),
            ["int8"] = t.to(ScalarType.Int8),
            ["uint8"] = t.to(ScalarType.Byte),
            ["bool"] = t > 5,
            ["empty"] = empty(0, 3),
            ["parameter"] = t.to(ScalarType.Float32),
            ["left"] = arange(4, ScalarType.Float32),
            ["right"] = arange(4, 10, ScalarType.Float32),
        };
        Assert.Equal(expected.Keys, file.Tensors.Keys);
        Assert.All(expected, pair =>
        {
            Assert.Equal(pair.Value.dtype, file.Tensors[pair.Key].dtype);
            Assert.Equal(pair.Value.shape, file.Tensors[pair.Key].shape);
            Assert.True(file.Tensors[pair.Key].Equals(pair.Value), pair.Key);
        });
    }

    [Theory]
    [InlineData(2, "archive/")]
    [InlineData(3, "my model/")]
    [InlineData(4, "a/")]
    [InlineData(5, "")]
    public void Every_protocol_is_read_under_any_name_of_the_archive(int protocol, string root)
    {
        TorchFiles.WriteZip(Path, new PickleBytes(protocol).Small().End(), [("0", TorchFiles.OneToFour)], root);
        AssertOneToFour();
    }

    [Fact]
    public void Deflated_entries_are_read()
    {
        TorchFiles.WriteZip(Path, new PickleBytes().Small().End(), [("0", TorchFiles.OneToFour)], level: CompressionLevel.SmallestSize);
        AssertOneToFour();
    }

    [Fact]
    public void Bytes_in_the_other_order_are_turned()
    {
        byte[] turned = [.. TorchFiles.OneToFour.Chunk(4).SelectMany(c => c.Reverse())];
        TorchFiles.WriteZip(Path, new PickleBytes().Small().End(), [("0", turned)], more: ("byteorder", "big"));
        AssertOneToFour();
    }

    [Fact]
    public void The_format_before_the_zip_one_is_read()
    {
        TorchFiles.WriteLegacy(Path, new PickleBytes().Small().End(), [("0", 4, TorchFiles.OneToFour)]);
        AssertOneToFour();
    }

    [Theory]
    [InlineData("UntypedStorage", "torch.storage")]
    [InlineData("UntypedStorage", "torch")]
    public void Untyped_storages_take_the_type_of_their_tensor(string type, string module)
    {
        var pickle = new PickleBytes().Op("}").Text("w").Global("torch._utils", "_rebuild_tensor_v3").Op("(").Storage(type, "0", 16, module)
            .Integer(0).Tuple(2, 2).Tuple(2, 1).Op(0x89).Op("}").Global("torch", "float32").Op("tRs").End();
        TorchFiles.WriteZip(Path, pickle, [("0", TorchFiles.OneToFour)]);
        AssertOneToFour();
    }

    [Theory]
    [InlineData("")]
    [InlineData("state_dict")]
    [InlineData("model")]
    [InlineData("model_state_dict")]
    [InlineData("classy_state_dict.base_model.model.trunk")]
    public void The_model_is_found_where_it_lies(string place)
    {
        var keys = place.Split('.', StringSplitOptions.RemoveEmptyEntries);
        var pickle = new PickleBytes();
        foreach (var key in keys)
            pickle.Op("}").Text("epoch").Integer(3).Op("s").Text(key);
        pickle.Small().Text("v").Tensor("FloatStorage", "0", 4, 0, [4], [1]).Op("s");
        foreach (var _ in keys)
            pickle.Op("s");
        TorchFiles.WriteZip(Path, pickle.End(), [("0", TorchFiles.OneToFour)]);
        Assert.Equal(place, PyTorchHeader.Read(Path).Place);
        Assert.Equal(["w", "v"], PyTorchHeader.Read(Path).Entries.Select(e => e.Name));
    }

    [Fact]
    public void The_model_is_the_dictionary_with_the_most_tensors_whatever_their_size()
    {
        var pickle = new PickleBytes().Op("}")
            .Text("memory").Op("}").Text("bank").Tensor("FloatStorage", "1", 1000, 0, [1000], [1]).Op("s").Op("s")
            .Text("net").Small().Text("v").Tensor("FloatStorage", "0", 4, 0, [4], [1]).Op("s").Op("s");
        TorchFiles.WriteZip(Path, pickle.End(), [("0", TorchFiles.OneToFour), ("1", new byte[4000])]);
        Assert.Equal("net", PyTorchHeader.Read(Path).Place);
    }

    [Theory]
    [InlineData(5, 0, new long[] { 2, 2 }, new long[] { 2, 1 }, "has 16 bytes where its tensors need 20")]
    [InlineData(4, 1, new long[] { 2, 2 }, new long[] { 2, 1 }, "does not fit its storage")]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { 3, 1 }, "does not fit its storage")]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { 1 }, "does not fit its storage")]
    [InlineData(4, -1, new long[] { 2, 2 }, new long[] { 2, 1 }, "does not fit its storage")]
    [InlineData(4, 0, new long[] { -2, -2 }, new long[] { 2, 1 }, "does not fit its storage")]
    [InlineData(4, 0, new long[] { 1L << 62, 4, 4 }, new long[] { 0, 0, 0 }, "does not fit its storage")]
    [InlineData(4, 0, new long[] { 1L << 62, 1L << 62, 0 }, new long[] { 0, 0, 0 }, "does not fit its storage")]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue }, "does not fit its storage")]
    [InlineData(-4, 0, new long[] { 2, 2 }, new long[] { 2, 1 }, "storage of -4 elements")]
    [InlineData(long.MaxValue, 0, new long[] { 2, 2 }, new long[] { 2, 1 }, "storage of 9223372036854775807 elements")]
    public void A_tensor_that_lies_outside_its_storage_is_refused(long count, long offset, long[] shape, long[] strides, string reason)
    {
        var pickle = new PickleBytes().Op("}").Text("w").Tensor("FloatStorage", "0", count, offset, shape, strides).Op("s").End();
        TorchFiles.WriteZip(Path, pickle, [("0", TorchFiles.OneToFour)]);
        AssertRefused(reason);
    }

    [Fact]
    public void Overlapping_tensors_that_would_become_many_times_the_file_are_refused()
    {
        var pickle = new PickleBytes().Op("}");
        for (var i = 0; i < 20; i++)
            pickle.Text($"w{i}").Tensor("FloatStorage", "0", 4, 0, [4], [1]).Op("s");
        TorchFiles.WriteZip(Path, pickle.End(), [("0", TorchFiles.OneToFour)]);
        AssertRefused("overlap");
    }

    [Fact]
    public void Faulty_archives_are_refused_with_their_reason()
    {
        var pickle = new PickleBytes().Small().End();
        TorchFiles.WriteZip(Path, pickle, []);
        AssertRefused("has no storage '0'");
        TorchFiles.WriteZip(Path, pickle, [("0", TorchFiles.OneToFour), ("0", TorchFiles.OneToFour)]);
        AssertRefused("'archive/data/0' twice");
        TorchFiles.WriteZip(Path, pickle, [("0", TorchFiles.OneToFour)], more: ("constants.pkl", ""));
        AssertRefused("a TorchScript program; expected a state dict");
        TorchFiles.WriteZip(Path, pickle, [("0", TorchFiles.OneToFour)], root: "a/b/");
        AssertRefused("no data.pkl");
        TorchFiles.WriteZip(Path, pickle, [("0", TorchFiles.OneToFour)], more: ("byteorder", "middle"));
        AssertRefused("neither little nor big");
        TorchFiles.WriteZip(Path, new PickleBytes().Op("}").Text("epoch").Integer(3).Op("s").End(), []);
        AssertRefused("without a dictionary of tensors");
        TorchFiles.WriteZip(Path, new PickleBytes().Op("}").Text("w").Tensor("BoolStorage", "0", 16, 0, [16], [1]).Op("s").End(), [("0", TorchFiles.OneToFour)]);
        AssertRefused("other bytes than 0 and 1");
        File.WriteAllText(Path, "hello, this is text");
        AssertRefused("neither as a zip archive nor as a pickle");
        File.WriteAllBytes(Path, pickle);
        AssertRefused("a plain pickle");
        File.WriteAllBytes(Path, []);
        AssertRefused("neither");
        File.Delete(Path);
        AssertRefused("no such file");
    }

    [Fact]
    public void A_storage_whose_bytes_were_changed_is_refused()
    {
        TorchFiles.WriteZip(Path, new PickleBytes().Small().End(), [("0", TorchFiles.OneToFour)]);
        var bytes = File.ReadAllBytes(Path);
        var place = bytes.AsSpan().IndexOf(TorchFiles.OneToFour);
        bytes[place] ^= 1;
        File.WriteAllBytes(Path, bytes);
        AssertRefused("checksum");
    }

    [Fact]
    public void An_older_file_that_ends_early_is_refused()
    {
        TorchFiles.WriteLegacy(Path, new PickleBytes().Small().End(), [("0", 4, TorchFiles.OneToFour)]);
        var bytes = File.ReadAllBytes(Path);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(Path, bytes[..length]);
            Assert.Throws<InputDataException>(() => PyTorchFile.Read(Path));
        }
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        TorchFiles.WriteZip(Path, new PickleBytes().Small().End(), [("0", TorchFiles.OneToFour)]);
        LeakGuard.AssertNothingIsLeft(() => PyTorchFile.Read(Path).Dispose());
    }

    private void AssertOneToFour()
    {
        using var file = TensorFile.Read(Path);
        Assert.Equal(WeightsFormat.PyTorch, file.Format);
        var only = Assert.Single(file.Tensors);
        Assert.Equal("w", only.Key);
        Assert.Equal([2, 2], only.Value.shape);
        Assert.Equal([1f, 2, 3, 4], only.Value.data<float>().ToArray());
    }

    private void AssertRefused(string reason) =>
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => PyTorchFile.Read(Path).Dispose()).Message, StringComparison.Ordinal);
}
