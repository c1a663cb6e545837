using Conjoint.Benchmarks.Tables;
using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.TestSupport;
using Conjoint.Training;

namespace Conjoint.Tests.Benchmarks;

public sealed class TableDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Masks of lungs and heart say 1 to 3, those of the clavicles 0 and 255, and both hold for one pixel.</summary>
    [Fact]
    public void Clavicles_are_a_structure_of_their_own_over_the_lungs()
    {
        var jsrt = _folder["data/seg2d/jsrt"];
        List<string> rows = ["image,mask,clavicle_mask,subject,split"];
        foreach (var (name, split) in new[] { ("a", "train"), ("b", "val"), ("c", "test") })
        {
            Write(jsrt, $"images/{name}.png", i => (i * 31 + name[0]) % 256);
            Write(jsrt, $"masks/{name}.png", i => i < 64 ? 1 : i < 128 ? 2 : i < 192 ? 3 : 0);
            Write(jsrt, $"clavicles/{name}.png", i => i is >= 48 and < 80 ? 255 : 0);
            rows.Add($"images/{name}.png,masks/{name}.png,clavicles/{name}.png,{name},{split}");
        }

        File.WriteAllLines(Path.Combine(jsrt, "index.csv"), rows);
        Write(_folder["data/pretrain2d"], "x.png", i => i);

        var table = PaperTable.Of(6, "small");
        using var data = TableData.Prepare(_folder["table"], _folder["data"], table, "small", SilentObserver.Instance, TestContext.Current.CancellationToken);
        Assert.Equal(3, table.Columns.Count);
        Assert.All(table.Columns, column => Assert.All(data.Set(column).Cases, c => Assert.Equal([1, 2, 3, 4], c.MaskLabels!)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Every_table_can_be_learned_and_scored_on_the_real_data(int number)
    {
        var scans = Environment.GetEnvironmentVariable("CONJOINT_DATA_DIR");
        Assert.SkipWhen(scans is null, "CONJOINT_DATA_DIR names no folder of real scans.");
        var table = PaperTable.Of(number, "small");
        using var data = TableData.Prepare(_folder["table"], scans, table, "small", SilentObserver.Instance, TestContext.Current.CancellationToken);
        foreach (var column in table.Columns)
            Assert.Equal([Split.Test, Split.Train, Split.Validation], data.Set(column).Cases.Select(c => c.Split).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 3)]
    public void Splits_that_a_source_states_can_be_passed_over(bool drawsAll, int tested)
    {
        List<string> rows = ["image,subject,split"];
        for (var i = 0; i < 20; i++)
        {
            Write(_folder["set"], $"{i}.png", p => (p * 31 + i) % 256);
            rows.Add($"{i}.png,s{i},{(i < 15 ? "train" : "val")}");
        }

        File.WriteAllLines(_folder["set/index.csv"], rows);
        new Preparer(new PrepareSettings { DrawsAllSplits = drawsAll }).Run([_folder["set"]], _folder["store"], null, TestContext.Current.CancellationToken);
        using var store = PreparedStore.Open(_folder["store"]);
        Assert.Equal(tested, store.Cases.Count(c => c.Split == Split.Test));
        Assert.True(TableData.SettingsOf("adrenal").DrawsAllSplits);
    }

    private static void Write(string folder, string name, Func<int, int> pixel)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        PngFile.Write(path, new Image([.. Enumerable.Range(0, 16 * 16).Select(i => (float)pixel(i))], 16, 16), 8);
    }
}
