using Conjoint.Imaging;
using Conjoint.TestSupport;
using Conjoint.Training;
using Conjoint.Training.ReportData;

namespace Conjoint.Tests.Training.ReportData;

public sealed class ReportFilesTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly RunFolder folder;

    public ReportFilesTests() => folder = RunFolder.Create(temporary["run"]);

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Everything_reads_back_as_written()
    {
        ReportFiles.Write(folder, new RunSummary { Title = "Pre-training", Seed = 3, Versions = new Dictionary<string, string> { [".NET"] = "10.0" } });
        ReportFiles.Write(folder, new DataSummary
        {
            DataSets = [new DataSetSummary { Name = "thorax", Volumes = 4 }],
            ClassNames = new Dictionary<int, string> { [1] = "lung" },
        });
        ReportFiles.Write(folder, new PrototypeNeighbours { Stage = "slices", Total = 16, Prototypes = [new(3, 0.25, [new("thorax", 0.9, [1, 2, 3])])] });
        ReportFiles.Write(folder, new EmbeddingMap { Level = "slices", Explained = 0.5, Points = [new(1, -2, "thorax")] });
        ReportFiles.Write(folder, new OverlayPictures { Pictures = [new("case-1", 7, [9])] });

        Assert.Equal(3, ReportFiles.ReadRun(folder)!.Seed);
        Assert.Equal("10.0", ReportFiles.ReadRun(folder)!.Versions[".NET"]);
        Assert.Equal("lung", ReportFiles.ReadData(folder)!.ClassNames[1]);
        Assert.Equal(new DataSetSummary { Name = "thorax", Volumes = 4 }, ReportFiles.ReadData(folder)!.DataSets[0]);
        Assert.Equal([1, 2, 3], ReportFiles.ReadPrototypes(folder)[0].Prototypes[0].Neighbours[0].Png);
        Assert.Equal(new EmbeddingMap.Point(1, -2, "thorax"), ReportFiles.ReadEmbeddingMaps(folder)[0].Points[0]);
        Assert.Equal(7, ReportFiles.ReadOverlays(folder)!.Pictures[0].Slice);
    }

    [Fact]
    public void Stages_do_not_overwrite_each_other()
    {
        ReportFiles.Write(folder, new PrototypeNeighbours { Stage = "slices" });
        ReportFiles.Write(folder, new PrototypeNeighbours { Stage = "volumes" });
        Assert.Equal(["slices", "volumes"], ReportFiles.ReadPrototypes(folder).Select(stage => stage.Stage));
    }

    [Fact]
    public void What_was_not_written_is_absent()
    {
        Assert.Null(ReportFiles.ReadRun(folder));
        Assert.Empty(ReportFiles.ReadEmbeddingMaps(folder));
    }

    [Fact]
    public void A_damaged_file_is_an_error_that_names_it()
    {
        File.WriteAllText(Path.Combine(folder.ReportData, "run.json"), "{");
        Assert.Contains("run.json", Assert.Throws<InputDataException>(() => ReportFiles.ReadRun(folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/home/jo/scans/ct", "…/ct")]
    [InlineData("../scans/ct", "…/ct")]
    [InlineData("~/scans", "…/scans")]
    [InlineData(@"C:\Users\jo\scans", "…/scans")]
    [InlineData("scans/ct", "…/ct")]
    [InlineData("data: [/home/jo/a, /home/jo/b/]", "data: […/a, …/b/]")]
    [InlineData("store", "store")]
    [InlineData("--set=lr=0.1", "--set=lr=0.1")]
    [InlineData("--out=/tmp/x/run", "--out=…/run")]
    public void Folders_are_left_out_of_texts(string text, string expected) => Assert.Equal(expected, CommandText.WithoutFolders(text));

    [Theory]
    [InlineData("/home/jo/store", "…/store")]
    [InlineData("my run", "'my run'")]
    [InlineData("labels=[3]", "'labels=[3]'")]
    [InlineData("pretrain=[\"slices.steps=5\"]", "'pretrain=[\"slices.steps=5\"]'")]
    [InlineData("a'b", "'a'\\''b'")]
    [InlineData("seed=1", "seed=1")]
    [InlineData("", "''")]
    public void A_command_line_can_be_shown_to_others_and_pasted_into_a_shell(string word, string shown) =>
        Assert.Equal($"conjoint pretrain --out {shown}", CommandText.From(["pretrain", "--out", word]));
}
