using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests.Formats.Npy;

public sealed class NpyMapTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("<i2", false)]
    [InlineData(">i2", false)]
    [InlineData("<i2", true)]
    [InlineData(">i2", true)]
    public void Values_are_those_of_the_whole_array_in_either_order_of_bytes_and_axes(string type, bool fortran)
    {
        Write("a.npy", type, fortran, 3, 4, 5);
        using var map = NpyMap.Open(_folder["a.npy"]);
        var array = NpyFile.Read(_folder["a.npy"]);
        Assert.Equal(array.Shape, map.Header.Shape);
        Assert.Equal(array.ToSingle(), map.ToSingle());
        Assert.Equal(array.ToSingleFirstAxisFastest(), map.ToSingleFirstAxisFastest());
        Assert.Equal(array.ToSingleFirstAxisFastest(), ImageFile.ReadVolume(_folder["a.npy"]).Voxels);

        var part = new float[7];
        map.ReadSingle(50, part);
        Assert.Equal(Enumerable.Range(50, 7).Select(i => (float)(i - 30)), part);
        if (type[0] == '<')
            Assert.Equal(Enumerable.Range(50, 7).Select(i => (short)(i - 30)), map.Values<short>(50, 7).ToArray());
        else
            Assert.Throws<InvalidOperationException>(() => map.Values<short>(0, 1).Length);
        Assert.Throws<InvalidOperationException>(() => map.Values<int>(0, 1).Length);
    }

    [Fact]
    public void Many_values_with_high_bytes_first_are_turned_piece_by_piece()
    {
        Write("big.npy", ">i2", false, 70_001);
        using var map = NpyMap.Open(_folder["big.npy"]);
        Assert.Equal(Enumerable.Range(0, 70_001).Select(i => (float)(short)(i - 30)), map.ToSingle());
    }

    [Fact]
    public void Values_beyond_the_array_and_after_its_end_are_refused()
    {
        Write("a.npy", "<i2", false, 6);
        var map = NpyMap.Open(_folder["a.npy"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => map.ReadSingle(3, new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Values<short>(-1, 2).Length);
        map.Dispose();
        map.Dispose();
        Assert.Throws<ObjectDisposedException>(() => map.ReadSingle(0, new float[1]));
    }

    [Fact]
    public void A_file_that_is_shorter_than_it_says_is_refused_before_it_is_mapped()
    {
        Write("a.npy", "<i2", false, 600);
        File.WriteAllBytes(_folder["short.npy"], File.ReadAllBytes(_folder["a.npy"])[..^1]);
        Assert.Contains("truncated", Assert.Throws<InputDataException>(() => NpyMap.Open(_folder["short.npy"])).Message, StringComparison.Ordinal);
        Assert.Throws<InputDataException>(() => NpyMap.Open(_folder["none.npy"]));
    }

    [Fact]
    public void Opening_reads_no_values()
    {
        // Larger than could be read in this time and memory: the file has a hole where its values are.
        Write("a.npy", "|u1", false, 2_000_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var map = NpyMap.Open(_folder["a.npy"]);
        Assert.Equal(0, map.Values<byte>(1_999_999_999, 1)[0]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    /// <summary>Values i − 30 in stored order; of bytes, a hole.</summary>
    private void Write(string name, string type, bool fortran, params int[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var fields = $"{{'descr': '{type}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': ({string.Join(", ", shape)},), }}";
        using var file = File.Create(_folder[name]);
        file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)(fields.Length + 1), 0, .. System.Text.Encoding.ASCII.GetBytes(fields + "\n")]);
        if (type == "|u1")
        {
            file.SetLength(file.Position + count);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            var value = (short)(i - 30);
            file.Write(type[0] == '<' ? [(byte)value, (byte)(value >> 8)] : [(byte)(value >> 8), (byte)value]);
        }
    }
}
