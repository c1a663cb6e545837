using System.Text.Json;
using System.Text.Json.Nodes;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data;

public sealed class PreparedStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PreparedStoreTests()
    {
        Samples.Nifti(_folder["set/a.nii"], Samples.Volume(6, 5, 4, 1));
        Samples.Prepare(_folder["store"], null, _folder["set"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_of_slices_are_parts_of_the_whole()
    {
        using var store = PreparedStore.Open(_folder["store"]);
        var all = Samples.Read(store, store.Cases[0]);
        var part = new float[60];
        store.ReadSlices(store.Cases[0], 1, 2, part);
        Assert.Equal(all[30..90], part);
        Assert.Equal(NpyFile.Read(_folder["store/cases/set-a/image.npy"]).ToSingle(), all);
        Assert.Throws<ArgumentOutOfRangeException>(() => store.ReadSlices(store.Cases[0], 3, 2, part));
        Assert.Throws<ArgumentException>(() => store.ReadSlices(store.Cases[0], 0, 1, part));
        Assert.Throws<InputDataException>(() => store.ReadMask(store.Cases[0], 0, 1, new ushort[30]));
    }

    [Fact]
    public void The_manifest_comes_back_as_it_was_written()
    {
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal(File.ReadAllBytes(_folder["store/manifest.json"]), StoreJson.Bytes(store.Manifest));
    }

    [Fact]
    public void A_short_array_is_refused_before_it_is_mapped()
    {
        using (var file = File.OpenWrite(_folder["store/cases/set-a/image.npy"]))
            file.SetLength(file.Length - 1);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Contains("shorter than its header", Assert.Throws<InputDataException>(() => Samples.Read(store, store.Cases[0])).Message, StringComparison.Ordinal);
    }

    /// <summary>They would come out of nets as NaN losses or out of range indices, far from their cause.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Values_that_are_no_numbers_are_refused_by_name(float value)
    {
        var path = _folder["store/cases/set-a/image.npy"];
        var bytes = File.ReadAllBytes(path);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 2), (Half)value);
        File.WriteAllBytes(path, bytes);
        using var store = PreparedStore.Open(_folder["store"]);
        var fault = Assert.Throws<InputDataException>(() => Samples.Read(store, store.Cases[0]));
        Assert.Equal(path, fault.Path);
        Assert.Contains("infinite or NaN", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_store_is_refused_by_name()
    {
        Assert.Contains("does not exist", Assert.Throws<InputDataException>(() => PreparedStore.Open(_folder["none"])).Message, StringComparison.Ordinal);
        Assert.Contains("no manifest.json", Assert.Throws<InputDataException>(() => PreparedStore.Open(_folder["set"])).Message, StringComparison.Ordinal);
        File.WriteAllText(_folder["store/manifest.json"], "{\"format\": \"other\"}");
        Assert.Throws<InputDataException>(() => PreparedStore.Open(_folder["store"]));
    }

    [Fact]
    public void More_cases_than_may_be_open_at_once_can_be_read_by_many_threads()
    {
        using var cache = new ArrayCache(capacity: 2);
        using var store = PreparedStore.Open(_folder["store"]);
        var volume = store.Cases[0];
        var copies = Enumerable.Range(0, 8).Select(i => _folder[$"copy{i}.npy"]).ToArray();
        foreach (var copy in copies)
            File.Copy(_folder["store/cases/set-a/image.npy"], copy);
        var expected = Samples.Read(store, volume);
        Parallel.For(0, 400, i => cache.Read(copies[i % 8], volume, array =>
        {
            var values = new float[120];
            HalfConversion.ToSingle(array.Values<Half>(0, 120), values);
            Assert.Equal(expected, values);
        }));
    }

    [Theory]
    [InlineData("imageFile", "../../outside.npy", "outside of the store")]
    [InlineData("imageFile", "/etc/hostname", "outside of the store")]
    [InlineData("sliceStdFile", "cases/set-a/../../../outside.npy", "outside of the store")]
    [InlineData("maskFile", "C:outside.npy", "outside of the store")]
    [InlineData("maskFile", "..\\outside.npy", "outside of the store")]
    [InlineData("candidatesFile", "cases/./set-a/candidates.csv", "outside of the store")]
    [InlineData("id", "../set-a", "names a case '../set-a'")]
    [InlineData("id", "..", "names a case '..'")]
    [InlineData("imageFile", null, "is not the manifest")]
    [InlineData("slices", 0, "has 0 slices")]
    [InlineData("height", -1, "of -1×")]
    [InlineData("width", int.MaxValue, "voxels")]
    [InlineData("slices", "many", "is not the manifest")]
    [InlineData("spacingMm", new double[] { 1, 1 }, "spacing of [1, 1]")]
    [InlineData("spacingMm", new[] { "a" }, "is not the manifest")]
    [InlineData("affine", new double[] { }, "is not the manifest")]
    public void A_manifest_is_not_believed_beyond_its_store(string key, object? value, string reason)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(_folder["store/manifest.json"]))!;
        manifest["cases"]![0]![key] = JsonSerializer.SerializeToNode(value);
        File.WriteAllText(_folder["store/manifest.json"], manifest.ToJsonString());
        Assert.Contains(reason, Assert.Throws<InputDataException>(() => PreparedStore.Open(_folder["store"])).Message, StringComparison.Ordinal);
    }
}
