using System.Buffers.Binary;
using System.IO.Compression;
using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests.Formats.Npy;

public sealed class NpzFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Arrays_are_read_by_name(CompressionLevel level)
    {
        Save("a.npz", level, ("images", Npy(Enumerable.Range(0, 24).ToArray(), 2, 3, 4)), ("labels", Npy(new byte[] { 1, 0 }, 2, 1)));
        using var file = NpzFile.Open(_folder["a.npz"]);
        Assert.Equal(["images", "labels"], file.Names);
        Assert.Equal([2, 3, 4], file.ReadHeader("images").Shape);
        Assert.Equal(Enumerable.Range(12, 12).Select(i => (float)i), file.Read("images").Part(1).ToSingle());
        Assert.Equal([1, 0], file.Read("labels").ToSingle());
    }

    [Fact]
    public void A_missing_array_is_named_with_those_there_are()
    {
        Save("m.npz", CompressionLevel.Optimal, ("x", Npy(new byte[1], 1)));
        using var file = NpzFile.Open(_folder["m.npz"]);
        var fault = Assert.Throws<InputDataException>(() => file.Read("y"));
        Assert.Contains("'y'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("it has x", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_only_volume_of_a_file_is_read_as_one()
    {
        Save("v.npz", CompressionLevel.Optimal, ("scan", Npy(Enumerable.Range(0, 24).ToArray(), 2, 3, 4)), ("label", Npy(new byte[] { 3 }, 1)));
        Assert.Equal(23, ImageFile.ReadVolume(_folder["v.npz"])[1, 2, 3]);
        Assert.Throws<InputDataException>(() => ImageFile.ReadImage(_folder["v.npz"]));
    }

    [Fact]
    public void A_header_that_claims_more_than_the_archive_holds_is_refused_before_memory_is_taken()
    {
        var header = new MemoryStream();
        NpyFile.WriteHeader(header, ElementType.UInt8, [2_000_000_000]);
        Save("bomb.npz", CompressionLevel.Optimal, ("x", [.. header.ToArray(), .. new byte[100_000]]));
        FaultInjection.ReadAll(_folder["bomb.npz"], File.ReadAllBytes(_folder["bomb.npz"]), "a false shape");
        using var file = NpzFile.Open(_folder["bomb.npz"]);
        Assert.Throws<InputDataException>(() => file.Read("x"));
    }

    [Fact]
    public void A_directory_that_claims_too_much_is_found_by_counting()
    {
        // 200 MB of zeros would deflate to these few hundred kB, so that only counting tells the truth.
        var header = new MemoryStream();
        NpyFile.WriteHeader(header, ElementType.UInt8, [200_000_000]);
        var noise = new byte[300_000];
        new Random(3).NextBytes(noise);
        Save("claim.npz", CompressionLevel.Optimal, ("x", [.. header.ToArray(), .. noise]));
        var bytes = File.ReadAllBytes(_folder["claim.npz"]);
        var directory = bytes.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(directory + 24), 200_000_128);
        FaultInjection.ReadAll(_folder["claim.npz"], bytes, "a false directory");
        using var file = NpzFile.Open(_folder["claim.npz"]);
        Assert.Throws<InputDataException>(() => file.Read("x"));
    }

    [Fact]
    public void Changed_data_are_found_by_their_checksum()
    {
        Save("c.npz", CompressionLevel.NoCompression, ("x", Npy(new byte[] { 1, 2, 3, 4 }, 4)));
        var bytes = File.ReadAllBytes(_folder["c.npz"]);
        var at = bytes.AsSpan().IndexOf(new byte[] { 1, 2, 3, 4 });
        bytes[at] = 9;
        File.WriteAllBytes(_folder["c.npz"], bytes);
        using var file = NpzFile.Open(_folder["c.npz"]);
        Assert.Contains("checksum", Assert.Throws<InputDataException>(() => file.Read("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_archive_is_not_taken_for_NPZ()
    {
        using (var archive = ZipFile.Open(_folder["other.zip"], ZipArchiveMode.Create))
            archive.CreateEntry("text.txt");
        Assert.False(ImageFile.IsReadable(_folder["other.zip"]));
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Damaged_files_give_a_result_or_a_reason(CompressionLevel level)
    {
        Save("d.npz", level, ("a", Npy(Enumerable.Range(0, 24).ToArray(), 2, 3, 4)), ("b", Npy(new byte[] { 1, 0 }, 2, 1)));
        var bytes = File.ReadAllBytes(_folder["d.npz"]);
        FaultInjection.EveryPrefix(bytes, ".npz");
        FaultInjection.BitFlips(bytes, ".npz");
    }

    private static byte[] Npy<T>(T[] values, params int[] shape)
        where T : unmanaged
    {
        var stream = new MemoryStream();
        NpyFile.Write<T>(stream, values, shape);
        return stream.ToArray();
    }

    private void Save(string name, CompressionLevel level, params (string Name, byte[] Bytes)[] arrays)
    {
        using var archive = ZipFile.Open(_folder[name], ZipArchiveMode.Create);
        foreach (var (array, bytes) in arrays)
        {
            using var entry = archive.CreateEntry(array + ".npy", level).Open();
            entry.Write(bytes);
        }
    }
}
