using Conjoint.Data;
using Conjoint.Data.Phantoms;
using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.TestSupport;

namespace Conjoint.Tests.Data.Phantoms;

public class PhantomDataSetTests
{
    private static readonly PhantomSettings Small = new()
    {
        Seed = 11,
        Ct = new SplitCounts(2, 1, 1),
        Mr = new SplitCounts(1, 0, 1),
        Radiographs = new SplitCounts(1, 1, 2),
        Matrix = 32,
        Slices = 8,
        RadiographSize = 48,
    };

    [Fact]
    public void The_same_seed_gives_the_same_bytes_whatever_the_number_of_workers()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        Write(first, Small with { Workers = 1 });
        Write(second, Small with { Workers = 3 });

        var files = FilesOf(first);
        Assert.Equal(files, FilesOf(second));
        Assert.Equal(4 * 2 + 2 * 2 + 4 + 4, files.Count);       // scans with masks, radiographs, tables
        Assert.All(files, file => Assert.Equal(Bytes(first, file), Bytes(second, file)));
    }

    [Fact]
    public void Another_seed_gives_other_people()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        Write(first, Small);
        Write(second, Small with { Seed = 12 });

        foreach (var file in FilesOf(first).Where(file => file.Contains("images", StringComparison.Ordinal)))
            Assert.NotEqual(Bytes(first, file), Bytes(second, file));
    }

    [Fact]
    public void More_training_subjects_leave_the_test_subjects_as_they_are()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        Write(first, Small);
        Write(second, Small with { Ct = Small.Ct with { Train = 3 }, Mr = Small.Mr with { Train = 2 } });

        foreach (var file in FilesOf(first).Where(file => file.Contains("-test", StringComparison.Ordinal)))
            Assert.Equal(Bytes(first, file), Bytes(second, file));
    }

    [Fact]
    public void Tables_name_readable_files_and_a_subject_is_in_one_split_of_all_folders()
    {
        using var folder = new TemporaryFolder();
        Write(folder, Small);

        var splitOf = new Dictionary<string, string>();
        foreach (var (table, count) in new[] { ("ct", 4), ("mr", 2), ("radiographs", 4) })
        {
            var rows = Rows(folder, table, "index.csv");
            Assert.Equal(count, rows.Count);
            foreach (var row in rows)
            {
                Assert.True(ImageFile.IsReadable(Path.Combine(folder.Path, table, row["image"])), row["image"]);
                if (row.TryGetValue("mask", out var mask))
                    Assert.True(ImageFile.IsReadable(Path.Combine(folder.Path, table, mask)), mask);
                Assert.Equal(splitOf.GetValueOrDefault(row["subject"], row["split"]), row["split"]);
                splitOf[row["subject"]] = row["split"];
            }
        }

        Assert.Equal(["test", "train", "val"], splitOf.Values.Distinct().Order());
        Assert.Equal(5 + 2, splitOf.Count);                     // the second test radiograph is of a fifth chest
        Assert.All(Rows(folder, "radiographs", "boxes.csv"), row => Assert.Equal(splitOf[row["subject"]], row["split"]));
    }

    [Fact]
    public void Files_hold_integers_in_the_orientation_of_their_scanner()
    {
        using var folder = new TemporaryFolder();
        Write(folder, Small);

        var ct = ImageFile.ReadHeader(Path.Combine(folder.Path, "ct/images/thorax-train00.nii.gz"));
        Assert.Equal(("LPS", "int16"), (ct.Orientation, ct.DType));
        var mr = ImageFile.ReadHeader(Path.Combine(folder.Path, "mr/images/heart-train00.nii.gz"));
        Assert.Equal(("AIL", "int16"), (mr.Orientation, mr.DType));
        var mask = ImageFile.ReadHeader(Path.Combine(folder.Path, "mr/labels/heart-train00.nii.gz"));
        Assert.Equal(("AIL", "uint8"), (mask.Orientation, mask.DType));
        Assert.Equal("uint16", ImageFile.ReadHeader(Path.Combine(folder.Path, "radiographs/images/thorax-train00.png")).DType);
    }

    [Theory]
    [InlineData("ct", Modality.CT, "LPS", 5)]
    [InlineData("mr", Modality.MR, "AIL", 6)]
    [InlineData("radiographs", Modality.XRay, null, 0)]
    public void A_folder_prepares_like_any_users_folder(string kind, Modality modality, string? orientation, int labels)
    {
        using var folder = new TemporaryFolder();
        Write(folder, Small with { Matrix = 64 });

        var summary = new Preparer(new PrepareSettings()).Run([folder[kind]], folder["store"], null, TestContext.Current.CancellationToken);
        using var store = PreparedStore.Open(folder["store"]);

        Assert.Empty(summary.Skipped);
        Assert.Equal(Rows(folder, kind, "index.csv").Select(row => (row["subject"], row["split"])), store.Cases.Select(item => (item.Subject, item.Split)).OrderBy(item => Order(item.Split)));
        Assert.Equal(Enumerable.Range(1, labels), store.MaskClasses);
        Assert.All(store.Cases, item => Assert.Equal((modality, orientation), (item.Modality, item.Orientation)));
        Assert.Equal(kind == "radiographs" ? Rows(folder, kind, "boxes.csv").Count : 0, store.Cases.Sum(item => item.Boxes.Count));
        // Slices run along the widest spacing, whatever axis of the file that is.
        Assert.All(store.Cases.Where(_ => labels > 0), item => Assert.Equal(item.SpacingMm.Max(), item.SpacingMm[0]));
    }

    [Fact]
    public void A_stopped_run_leaves_no_table()
    {
        using var folder = new TemporaryFolder();
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => PhantomDataSet.Write(folder.Path, Small, stopped.Token));
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.csv", SearchOption.AllDirectories));
    }

    [Fact]
    public void Settings_out_of_range_are_named()
    {
        using var folder = new TemporaryFolder();
        void Refuse(PhantomSettings settings, string name) =>
            Assert.Contains(name, Assert.Throws<ConfigurationException>(() => Write(folder, settings)).Message, StringComparison.Ordinal);

        Refuse(Small with { Matrix = 8 }, "Matrix");
        Refuse(Small with { Slices = 0 }, "Slices");
        Refuse(Small with { RadiographSize = 4 }, "RadiographSize");
        Refuse(Small with { Ct = new SplitCounts(1, -1, 1) }, "Ct");
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static int Order(string split) => Array.IndexOf(["train", "val", "test"], split);

    private static void Write(TemporaryFolder folder, PhantomSettings settings) => PhantomDataSet.Write(folder.Path, settings, TestContext.Current.CancellationToken);

    private static List<string> FilesOf(TemporaryFolder folder) =>
        [.. Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.Path, file)).Order(StringComparer.Ordinal)];

    private static byte[] Bytes(TemporaryFolder folder, string file) => File.ReadAllBytes(Path.Combine(folder.Path, file));

    private static List<Dictionary<string, string>> Rows(TemporaryFolder folder, string kind, string table)
    {
        var lines = File.ReadAllLines(Path.Combine(folder.Path, kind, table));
        var header = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => header.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second))];
    }
}
