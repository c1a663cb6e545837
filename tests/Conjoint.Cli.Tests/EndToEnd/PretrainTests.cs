using System.Text.Json;
using Conjoint.Training;
using Conjoint.Training.Monitoring;

namespace Conjoint.Cli.Tests.EndToEnd;

/// <summary>From raw files through pre-training to a segmenter that is scored, verb by verb; and what the verb refuses.</summary>
public sealed class PretrainTests(SmallPretraining small) : IClassFixture<SmallPretraining>
{
    [Fact]
    public void From_raw_files_to_masks_embeddings_and_reports()
    {
        Done(small.Prepare);
        var folder = small.Folder;
        var pretrain = Done(CliRun.Of(small.Line("pretrained", "swav", steps: 4)));
        Assert.Equal(Path.Combine(folder["pretrained"], "report.html") + "\n", pretrain.Out);
        Assert.Contains("volumes  epoch", pretrain.Error, StringComparison.Ordinal);

        Done(CliRun.Of(
            "finetune", "segment", "--data", folder["store"], "--weights", folder["pretrained"], "--out", folder["segmenter"], "--labels", "3", "--steps", "4",
            "--learning-rate", "0.05", "--device", "cpu", "--set", "validations=1", "--set", "batch=4"));
        using var scores = JsonDocument.Parse(Done(CliRun.Of("evaluate", "--model", folder["segmenter"], "--data", folder["store"], "--device", "cpu", "--json")).Out);
        var tested = MetricsReader.Read(new RunFolder(folder["segmenter"]).Metrics).Single(l => l.Flag("summary"));
        Assert.Equal(tested.Number("dice"), scores.RootElement.GetProperty("summary").GetProperty("dice").GetProperty("mean").GetDouble());

        var scan = Path.Combine(folder["raw"], "images", "case0.nii.gz");
        Done(CliRun.Of("predict", "--model", folder["segmenter"], "--input", scan, "--out", folder["masks"], "--device", "cpu"));
        Assert.NotEmpty(Directory.GetFiles(folder["masks"], "*.nii.gz", SearchOption.AllDirectories));
        Done(CliRun.Of("embed", "--weights", folder["pretrained"], "--input", scan, "--out", folder["volume.npy"], "--level", "volume", "--device", "cpu"));
        Assert.Equal([1, 96], Imaging.NpyFile.Read(folder["volume.npy"]).Shape);
        Done(CliRun.Of("report", folder["pretrained"]));
        Assert.Contains("Pre-training", File.ReadAllText(Path.Combine(folder["pretrained"], "report.html")), StringComparison.Ordinal);

        // A finished run is left alone, and its folder is not taken for another.
        var metrics = File.ReadAllBytes(Path.Combine(folder["pretrained"], "metrics.jsonl"));
        Assert.Contains("nothing to do", Done(CliRun.Of([.. small.Line("pretrained", "swav", steps: 4), "--resume"])).Error, StringComparison.Ordinal);
        Assert.Equal(metrics, File.ReadAllBytes(Path.Combine(folder["pretrained"], "metrics.jsonl")));
        AssertFault(2, "add --resume", CliRun.Of(small.Line("pretrained", "swav", steps: 4)));
        AssertFault(2, "other settings", CliRun.Of([.. small.Line("pretrained", "swav", steps: 5), "--resume"]));
    }

    [Theory]
    [InlineData(2, "slices.batch: 999 slices in a batch", "slices.batch=999")]
    [InlineData(2, "volumes.batch: 99 volumes in a batch", "volumes.batch=99")]
    [InlineData(2, "slices.prototypes.counts: 900 prototypes", "slices.prototypes.fit_to_samples=false", "slices.prototypes.counts=[900]")]
    [InlineData(2, "did you mean batch?", "slices.batsh=4")]
    [InlineData(2, "masked.mask_ratio", "masked.mask_ratio=1.5")]
    public void What_cannot_work_is_one_line_that_names_the_key(int code, string part, params string[] settings)
    {
        AssertFault(code, part, CliRun.Of(small.Line("refused", "swav", 4, settings)));
        Assert.False(Directory.Exists(small.Folder["refused"]));
    }

    [Fact]
    public void Training_that_diverges_is_exit_code_4() =>
        AssertFault(4, "not finite", CliRun.Of(small.Line("diverged", "swav", 40, "slices.learning_rate_per256=1e38", "optimiser.warmup_fraction=0")));

    private static CliRun Done(CliRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private static void AssertFault(int code, string part, CliRun run)
    {
        Assert.True(code == run.ExitCode, run.Error);
        var line = Assert.Single(run.Error.Split('\n'), l => l.StartsWith("conjoint: error: ", StringComparison.Ordinal));
        Assert.Contains(part, line, StringComparison.Ordinal);
    }
}
