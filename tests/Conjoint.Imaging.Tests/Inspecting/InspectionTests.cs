using System.IO.Compression;
using System.Text.Json;
using Conjoint.TestSupport;

namespace Conjoint.Imaging.Tests.Inspecting;

public sealed class InspectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Json_has_the_documented_keys()
    {
        NpyFile.Write<short>(_folder["v.npy"], [1, 2, 3, 4, 5, 6, 7, -8], [2, 2, 2]);
        var json = JsonSerializer.Serialize(Inspection.Inspect(_folder["v.npy"]));
        Assert.Equal(
            "[{\"path\":" + JsonSerializer.Serialize(_folder["v.npy"]) + ",\"format\":\"npy\",\"shape\":[2,2,2],\"spacing_mm\":[1,1,1],\"orientation\":\"RAS\","
            + "\"dtype\":\"int16\",\"min\":-8,\"max\":7,\"mean\":2.5,\"nonfinite\":0,\"frames\":1,"
            + "\"labels\":{\"-8\":1,\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1},\"problems\":[]}]",
            json);
    }

    [Fact]
    public void Statistics_are_of_finite_values_and_the_others_are_counted()
    {
        NpyFile.Write<float>(_folder["n.npy"], [1, float.NaN, 4, float.NegativeInfinity], [1, 2, 2]);
        var entry = Assert.Single(Inspection.Inspect(_folder["n.npy"]));
        Assert.Equal((1, 4, 2.5, 2), (entry.Min, entry.Max, entry.Mean, entry.NonFinite));
        Assert.Contains("NaN", Assert.Single(entry.Problems), StringComparison.Ordinal);
        Assert.Null(entry.Labels);
    }

    [Fact]
    public void Without_finite_values_statistics_are_null()
    {
        NpyFile.Write<double>(_folder["n.npy"], [double.NaN], [1, 1, 1]);
        var entry = Assert.Single(Inspection.Inspect(_folder["n.npy"]));
        Assert.Null(entry.Min);
        Assert.Null(entry.Mean);
        Assert.Equal(1, entry.NonFinite);
    }

    [Fact]
    public void Labels_are_counted_in_masks_only()
    {
        NpyFile.Write<byte>(_folder["mask.npy"], [0, 0, 2, 2, 2, 1], [1, 2, 3]);
        NpyFile.Write<byte>(_folder["scan.npy"], [.. Enumerable.Range(0, 125).Select(i => (byte)i)], [5, 5, 5]);
        var labels = Assert.Single(Inspection.Inspect(_folder["mask.npy"])).Labels!;
        Assert.Equal([(0L, 2L), (1L, 1L), (2L, 3L)], labels.Select(pair => (pair.Key, pair.Value)));
        Assert.Null(Assert.Single(Inspection.Inspect(_folder["scan.npy"])).Labels);
    }

    [Fact]
    public void A_constant_image_is_told()
    {
        PngFile.Write(_folder["c.png"], new Image([7, 7], 2, 1), 8);
        Assert.Equal(["every value is 7"], Assert.Single(Inspection.Inspect(_folder["c.png"])).Problems);
    }

    [Fact]
    public void Each_array_of_an_archive_has_its_entry_even_beside_one_that_cannot_be_read()
    {
        using (var archive = ZipFile.Open(_folder["a.npz"], ZipArchiveMode.Create))
        {
            using (var entry = archive.CreateEntry("x.npy").Open())
                NpyFile.Write<byte>(entry, [1, 2], [2]);
            using (var entry = archive.CreateEntry("bad.npy").Open())
                entry.Write("nothing"u8);
        }

        var entries = Inspection.Inspect(_folder["a.npz"]);
        Assert.Equal(["x", "bad"], entries.Select(entry => entry.Array));
        Assert.Equal(1.5, entries[0].Mean);
        Assert.Equal("npz", entries[0].Format);
        Assert.NotEmpty(entries[1].Problems);
    }

    [Fact]
    public void A_folder_has_an_entry_for_each_file_and_stack()
    {
        Directory.CreateDirectory(_folder["stack"]);
        for (var i = 0; i < 3; i++)
            PngFile.Write(_folder[$"stack/frame_{i}.png"], new Image([i, i + 1], 2, 1), 8);
        PngFile.Write(_folder["plain.png"], new Image([1, 3], 2, 1), 16);
        File.WriteAllText(_folder["notes.txt"], "not an image");
        File.WriteAllBytes(_folder["broken.png"], [0x89, (byte)'P']);

        var entries = Inspection.Inspect(_folder.Path);
        Assert.Equal([_folder["broken.png"], _folder["plain.png"], _folder["stack"]], entries.Select(entry => entry.Path));
        Assert.NotEmpty(entries[0].Problems);
        Assert.Null(entries[0].Shape);
        Assert.Equal("stack", entries[2].Format);
        Assert.Equal([2, 1, 3], entries[2].Shape!);
        Assert.Equal((0, 3, 1.5), (entries[2].Min, entries[2].Max, entries[2].Mean));
    }

    [Fact]
    public void Files_of_the_same_bytes_name_the_first_of_them()
    {
        PngFile.Write(_folder["a.png"], new Image([1, 3], 2, 1), 8);
        PngFile.Write(_folder["b.png"], new Image([3, 1], 2, 1), 8);
        File.Copy(_folder["a.png"], _folder["c.png"]);
        File.Copy(_folder["a.png"], _folder["d.png"]);
        var entries = Inspection.MarkDuplicates(Inspection.Inspect(_folder.Path));
        Assert.Equal([null, null, _folder["a.png"], _folder["a.png"]], entries.Select(entry => entry.DuplicateOf));
    }

    [Fact]
    public void A_folder_without_images_and_a_missing_path_are_errors()
    {
        Assert.Contains("no readable image", Assert.Throws<InputDataException>(() => Inspection.Inspect(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<InputDataException>(() => Inspection.Inspect(_folder["none.png"])).Message, StringComparison.Ordinal);
    }
}
