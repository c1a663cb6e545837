using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Conjoint.TestSupport;
using FsCheck.Xunit;

namespace Conjoint.Imaging.Tests.Formats.Npy;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 40)]
    public void What_is_written_is_read_again(int seed)
    {
        Check<byte>(seed);
        Check<sbyte>(seed);
        Check<short>(seed);
        Check<ushort>(seed);
        Check<int>(seed);
        Check<uint>(seed);
        Check<long>(seed);
        Check<ulong>(seed);
        Check<Half>(seed);
        Check<float>(seed);
        Check<double>(seed);
    }

    [Fact]
    public void Booleans_are_written_as_numpy_writes_them()
    {
        NpyFile.Write<bool>(_folder["b.npy"], [true, false, true], [3]);
        var array = NpyFile.Read(_folder["b.npy"]);
        Assert.Equal(ElementType.Bool, array.DType);
        Assert.Equal([1, 0, 1], array.ToSingle());
    }

    [Fact]
    public void The_bytes_are_those_of_np_save()
    {
        NpyFile.Write<short>(_folder["a.npy"], [1, -2, 3, 4, 5, 6], [2, 3]);
        var bytes = File.ReadAllBytes(_folder["a.npy"]);
        var header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n";
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), 1, 0, 0xFE, 0xFF, 3, 0, 4, 0, 5, 0, 6, 0], bytes);
    }

    [Theory]
    [InlineData(new int[0], "()")]
    [InlineData(new[] { 4 }, "(4,)")]
    [InlineData(new[] { 0, 3 }, "(0, 3)")]
    public void Odd_shapes_are_read_again(int[] shape, string described)
    {
        var values = new float[shape.Aggregate(1, (x, y) => x * y)];
        NpyFile.Write<float>(_folder["odd.npy"], values, shape);
        Assert.Equal(shape, NpyFile.Read(_folder["odd.npy"]).Shape);
        Assert.Contains(described, File.ReadAllText(_folder["odd.npy"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_version_is_read(int version)
    {
        Save("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", Bytes(1.5f, -2f), version);
        Assert.Equal([1.5f, -2f], NpyFile.Read(_folder["x.npy"]).ToSingle());
    }

    [Fact]
    public void Big_endian_values_are_read()
    {
        Save("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }", [0x01, 0x02, 0xFF, 0xFE]);
        Assert.Equal([258, -2], NpyFile.Read(_folder["x.npy"]).ToSingle());
    }

    [Fact]
    public void Fortran_order_is_turned_into_C_order()
    {
        // [[1, 2, 3], [4, 5, 6]] column by column.
        Save("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", Bytes(1, 4, 2, 5, 3, 6));
        var array = NpyFile.Read(_folder["x.npy"]);
        Assert.True(array.FortranOrder);
        Assert.Equal([1, 2, 3, 4, 5, 6], array.ToSingle());
        Assert.Equal([1, 4, 2, 5, 3, 6], array.ToSingleFirstAxisFastest());
        Assert.Throws<InvalidOperationException>(() => array.Part(0));
    }

    [Theory]
    [InlineData("{\"shape\": [2], \"descr\": \"<f4\", \"fortran_order\": False}")]
    [InlineData("{ 'fortran_order':False,'shape':(2L,),'descr':'=f4' }\n")]
    public void Headers_by_other_writers_are_read(string header)
    {
        Save(header, Bytes(1, 2));
        Assert.Equal([1, 2], NpyFile.Read(_folder["x.npy"]).ToSingle());
    }

    [Theory]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }", "type '<c8'")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "type '|O'")]
    [InlineData("{'descr': '<U4', 'fortran_order': False, 'shape': (2,), }", "type '<U4'")]
    [InlineData("{'descr': [('a', '<f4'), ('b', '<i2')], 'fortran_order': False, 'shape': (2,), }", "several fields")]
    [InlineData("{'descr': '<f4', 'fortran_order': 1, 'shape': (2,), }", "'fortran_order'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': 2, }", "'shape'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "-2 values")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "damaged NPY header")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000), }", "larger than the limit")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2000000000, 2000000000), }", "larger than the limit")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (500,), }", "truncated")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "exactly the keys")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}", "exactly the keys")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "damaged NPY header")]
    [InlineData("import os", "damaged NPY header")]
    [InlineData("", "damaged NPY header")]
    [InlineData("((((((((((((((", "damaged NPY header")]
    public void Wrong_headers_are_refused_with_a_reason(string header, string reason)
    {
        Save(header, Bytes(1, 2));
        var fault = Assert.Throws<InputDataException>(() => NpyFile.Read(_folder["x.npy"]));
        Assert.StartsWith(_folder["x.npy"], fault.Message, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_share_the_first_axis()
    {
        NpyFile.Write<byte>(_folder["p.npy"], [1, 2, 3, 4, 5, 6], [3, 2]);
        var part = NpyFile.Read(_folder["p.npy"]).Part(1);
        Assert.Equal([2], part.Shape);
        Assert.Equal([3, 4], part.ToSingle());
    }

    [Fact]
    public void Three_axes_are_a_volume_in_x_y_z_order()
    {
        // np.arange(24).reshape(2, 3, 4)
        NpyFile.Write<int>(_folder["v.npy"], [.. Enumerable.Range(0, 24)], [2, 3, 4]);
        var volume = ImageFile.ReadVolume(_folder["v.npy"]);
        Assert.Equal((2, 3, 4), (volume.SizeX, volume.SizeY, volume.SizeZ));
        Assert.Equal(1 * 12 + 2 * 4 + 3, volume[1, 2, 3]);
        Assert.Equal(4, volume[0, 1, 0]);
        Assert.Equal("RAS", volume.Affine.AxisCodes);
        Assert.Throws<InputDataException>(() => ImageFile.ReadImage(_folder["v.npy"]));
        Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["v.npy"], 1));
    }

    [Fact]
    public void Two_axes_are_an_image_of_rows_and_columns()
    {
        NpyFile.Write<byte>(_folder["i.npy"], [1, 2, 3, 4, 5, 6], [2, 3]);
        var image = ImageFile.ReadImage(_folder["i.npy"]);
        Assert.Equal((3, 2), (image.Width, image.Height));
        Assert.Equal([1, 2, 3, 4, 5, 6], image.Pixels);
        Assert.False(ImageFile.ReadHeader(_folder["i.npy"]).IsVolume);
        Assert.Throws<InputDataException>(() => ImageFile.ReadVolume(_folder["i.npy"]));
    }

    [Fact]
    public void Values_must_fill_the_shape() =>
        Assert.Throws<ArgumentException>(() => NpyFile.Write<byte>(_folder["w.npy"], [1, 2, 3], [2, 2]));

    [Fact]
    public void A_header_alone_can_be_followed_by_data_in_pieces()
    {
        using (var stream = File.Create(_folder["h.npy"]))
        {
            Assert.Equal(0, NpyFile.WriteHeader(stream, ElementType.UInt8, [2, 2]) % 64);
            stream.Write([1, 2]);
            stream.Write([3, 4]);
        }

        Assert.Equal([1, 2, 3, 4], NpyFile.Read(_folder["h.npy"]).ToSingle());
    }

    [Fact]
    public void Damaged_files_give_a_result_or_a_reason()
    {
        NpyFile.Write<short>(_folder["f.npy"], [.. Enumerable.Range(0, 60).Select(i => (short)i)], [3, 4, 5]);
        var bytes = File.ReadAllBytes(_folder["f.npy"]);
        FaultInjection.EveryPrefix(bytes, ".npy");
        FaultInjection.BitFlips(bytes, ".npy");
    }

    private static byte[] Bytes(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private void Save(string header, byte[] data, int version = 1)
    {
        var text = Encoding.ASCII.GetBytes(header);
        var length = new byte[version == 1 ? 2 : 4];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        File.WriteAllBytes(_folder["x.npy"], [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. data]);
    }

    private void Check<T>(int seed)
        where T : unmanaged
    {
        var random = new Random(seed);
        int[] shape = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(0, 6))];
        var values = new T[shape.Aggregate(1, (x, y) => x * y)];
        random.NextBytes(MemoryMarshal.AsBytes(values.AsSpan()));
        NpyFile.Write<T>(_folder["t.npy"], values, shape);

        var array = NpyFile.Read(_folder["t.npy"]);
        Assert.Equal(shape, array.Shape);
        Assert.Equal(ElementTypes.Of<T>(), array.DType);
        Assert.True(array.Data.SequenceEqual(MemoryMarshal.AsBytes(values.AsSpan())));
        Assert.Equal(ElementTypes.Of<T>(), NpyFile.ReadHeader(_folder["t.npy"]).DType);
    }
}
