using System.Buffers.Binary;
using System.Text;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.TestSupport;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Runtime;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Path => _folder["x.safetensors"];

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void What_is_written_is_read_for_each_type(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = (arange(24, dtype: ScalarType.Float32).reshape(2, 3, 4) - 5).abs().to(type);
        // A view that is not contiguous, a scalar and an empty tensor are tensors like others.
        var written = new Dictionary<string, Tensor> { ["b"] = values.transpose(0, 2), ["a"] = values[1, 2, 3], ["empty"] = values.narrow(0, 0, 0) };

        Safetensors.Write(Path, written, new Dictionary<string, string> { ["z"] = "1", ["ä\""] = "2" });
        using var file = Safetensors.Read(Path);

        Assert.Equal(["b", "a", "empty"], file.Tensors.Keys);
        foreach (var (name, tensor) in written)
        {
            Assert.Equal(tensor.shape, file.Tensors[name].shape);
            Assert.Equal(type, file.Tensors[name].dtype);
            Assert.True(file.Tensors[name].Equals(tensor));
        }

        Assert.Equal("2", file.Metadata["ä\""]);
        Assert.Equal(2, file.Metadata.Count);
    }

    [Fact]
    public void The_bytes_are_the_format_s_own()
    {
        using var value = tensor(new float[] { 1, 2 });
        Safetensors.Write(Path, new Dictionary<string, Tensor> { ["w"] = value }, new Dictionary<string, string> { ["k"] = "v" });

        var bytes = File.ReadAllBytes(Path);
        const string header = """{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        var padded = header.PadRight((header.Length + 7) / 8 * 8);
        Assert.Equal((ulong)padded.Length, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        Assert.Equal(padded, Encoding.UTF8.GetString(bytes, 8, padded.Length));
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40], bytes[(8 + padded.Length)..]);
    }

    [Fact]
    public void Tensors_outlive_the_scope_they_were_read_in_and_end_with_the_file()
    {
        using var value = ones(3);
        Safetensors.Write(Path, new Dictionary<string, Tensor> { ["w"] = value });
        SafetensorsFile file;
        using (NewDisposeScope())
            file = Safetensors.Read(Path);
        Assert.Equal(3, file.Tensors["w"].sum().item<float>());
        file.Dispose();
        Assert.True(file.Tensors["w"].IsInvalid);
    }

    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"v":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "gap or overlap")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"v":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}}""", 16, "gap or overlap")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "twice")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "cut short")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "cut short or damaged")]
    [InlineData("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "12")]
    [InlineData("""{"w":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}""", 8, "C64")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""", 8, "whole numbers")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", 8, "no memory")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "rising pair")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2]}}""", 8, "data_offsets")]
    [InlineData("""{"w":{"dtype":"BOOL","shape":[8],"data_offsets":[0,8]}}""", 8, "BOOL")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "JSON")]
    [InlineData("""[1]""", 0, "no JSON object")]
    [InlineData("""{"w":""", 0, "JSON")]
    public void A_faulty_header_is_refused_with_its_reason(string header, int dataBytes, string expected)
    {
        File.WriteAllBytes(Path, [.. BitConverter.GetBytes((ulong)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. Enumerable.Repeat((byte)7, dataBytes)]);
        var exception = Assert.Throws<InputDataException>(() => Safetensors.Read(Path));
        Assert.Contains(expected, exception.Reason, StringComparison.Ordinal);
        Assert.Equal(Path, exception.Path);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(-1)]
    public void A_cut_file_is_refused(int length)
    {
        using var value = ones(5, 7);
        Safetensors.Write(Path, new Dictionary<string, Tensor> { ["w"] = value });
        var bytes = File.ReadAllBytes(Path);
        File.WriteAllBytes(Path, bytes[..(length < 0 ? bytes.Length + length : length)]);
        Assert.Throws<InputDataException>(() => Safetensors.Read(Path));
    }

    [Fact]
    public void A_missing_file_is_refused() => Assert.Throws<InputDataException>(() => Safetensors.Read(_folder["none.safetensors"]));

    [Fact]
    public void Changed_bytes_give_a_file_or_our_exception()
    {
        using (var value = ones(3, 5))
        using (var other = arange(4))
            Safetensors.Write(Path, new Dictionary<string, Tensor> { ["weight"] = value, ["bias"] = other }, new Dictionary<string, string> { ["a"] = "b" });
        var bytes = File.ReadAllBytes(Path);
        var changes = ArbMap.Default.ArbFor<(ushort Place, byte Value)[]>();
        Prop.ForAll(changes, list =>
        {
            var copy = (byte[])bytes.Clone();
            foreach (var (place, value) in list)
                copy[place % copy.Length] = value;
            File.WriteAllBytes(Path, copy);
            try
            {
                Safetensors.Read(Path).Dispose();
            }
            catch (InputDataException)
            {
                // The promise: this and nothing else.
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_name_given_twice_or_reserved_is_refused()
    {
        using var value = ones(1);
        Assert.Throws<ArgumentException>(() => Safetensors.Write(Path, [new("w", value), new("w", value)]));
        Assert.Throws<ArgumentException>(() => Safetensors.Write(Path, [new("__metadata__", value)]));
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var value = ones(64, 3);
        using var transposed = value.t();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Safetensors.Write(Path, new Dictionary<string, Tensor> { ["w"] = transposed });
        Safetensors.Read(Path).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }
}
