using System.Diagnostics;
using System.Text.Json;
using Conjoint.Imaging;
using Conjoint.TestSupport;

namespace Conjoint.Cli.Tests;

/// <summary>From raw files to a scored segmenter, verb by verb, on a store and a model that are made once.</summary>
public sealed class WorkflowTests(WorkflowTests.Made made) : IClassFixture<WorkflowTests.Made>
{
    /// <summary>Raw files, the store made of them, and a run on it.</summary>
    public sealed class Made : IDisposable
    {
        public TemporaryFolder Folder { get; } = new();

        internal CliRun Prepare { get; }

        internal CliRun Finetune { get; }

        public Made()
        {
            Samples.WriteFolder(Folder["raw"]);
            Prepare = CliRun.Of("prepare", Folder["raw"], "--out", Folder["store"], "--dataset", "boxes", "--json");
            Finetune = CliRun.Of([.. FinetuneLine(Folder["run"], steps: 4), "--json"]);
        }

        public string[] FinetuneLine(string run, int steps) =>
        [
            "finetune", "segment", "--data", Folder["store"], "--weights", "scratch", "--preset", "tiny", "--out", run,
            "--steps", $"{steps}", "--learning-rate", "0.01", "--labels", "2", "--device", "cpu", "--set", "validations=1", "--set", "batch=4",
        ];

        public void Dispose() => Folder.Dispose();
    }

    private TemporaryFolder Folder => made.Folder;

    private static JsonElement Json(CliRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        // One document: the parser refuses anything after it.
        using var document = JsonDocument.Parse(run.Out);
        return document.RootElement.Clone();
    }

    [Fact]
    public void Prepare_prints_its_summary_as_one_document()
    {
        var summary = Json(made.Prepare);
        Assert.Equal(8, summary.GetProperty("cases").GetInt32());
        Assert.Equal(8, summary.GetProperty("with_mask").GetInt32());
        Assert.Equal(8, summary.GetProperty("datasets").GetProperty("boxes").GetInt32());
        Assert.Contains("8/8 cases", made.Prepare.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Preparing_again_keeps_everything()
    {
        var summary = Json(CliRun.Of("prepare", Folder["raw"], "--out", Folder["store"], "--dataset", "boxes", "--json"));
        Assert.Equal((0, 8), (summary.GetProperty("written").GetInt32(), summary.GetProperty("kept").GetInt32()));
    }

    [Fact]
    public void Inspect_knows_images_stores_and_weights()
    {
        var image = Path.Combine(Folder["raw"], "images", "case0.nii.gz");
        var found = Json(CliRun.Of("inspect", image, Folder["store"], Path.Combine(Folder["run"], "weights.safetensors"), "--json"));
        Assert.Equal(["nifti", "store", "safetensors"], found.EnumerateArray().Select(f => f.GetProperty("format").GetString()));
        Assert.Equal([24, 24, 6], found[0].GetProperty("shape").EnumerateArray().Select(s => s.GetInt32()));
        Assert.Equal(8, found[1].GetProperty("subjects").GetInt32());
        Assert.Equal("segment", found[2].GetProperty("card").GetProperty("task").GetString());

        var mask = Path.Combine(Folder["raw"], "labels", "case0.nii.gz");
        var lines = CliRun.Of("inspect", image, mask, mask, Folder["store"]).Out.Split('\n');
        Assert.Matches("^PATH +FORMAT +MODALITY +SHAPE +SPACING MM +AXES +TYPE +MIN +MAX +MEAN$", lines[0]);
        Assert.Matches($"^{System.Text.RegularExpressions.Regex.Escape(image)} +nifti +- +24×24×6 +1×1×3 +RAS +int16 +100 +449 +[0-9.]+$", lines[1]);
        Assert.Equal("  values: 0 in 3204, 1 in 252 voxels", lines[3]); // 9 × 7 × 4 of 24 × 24 × 6
        Assert.Contains("  8 cases of 8 subjects: 8 volumes, 0 images, 48 slices", lines);
        Assert.Contains("  8 with a mask (labels: 1 in 8 cases)", lines);
        Assert.Contains("  prepared: CT from -1000 to 1000 HU, other percentiles 0.5 to 99.5", lines);
        Assert.Contains($"  picture of the cases: {Path.Combine(Folder["store"], "contact-sheet.png")}", lines);
    }

    [Fact]
    public void Inspect_draws_the_cases_of_a_store_where_it_is_told_to()
    {
        var found = Json(CliRun.Of("inspect", Folder["store"], "--out", Folder["sheet.png"], "--json"))[0];
        Assert.Equal(Folder["sheet.png"], found.GetProperty("contact_sheet").GetString());
        Assert.Equal(8, found.GetProperty("cases_by_label").GetProperty("1").GetInt32());
        Assert.Equal(0, found.GetProperty("duplicates").GetInt32());
        Assert.Equal(1064, ImageFile.ReadHeader(Folder["sheet.png"]).Shape[0]);

        var run = CliRun.Of("inspect", Folder["store"], "--out", Path.Combine(Folder["sheet.png"], "below", "a.png"));
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("conjoint: error: --out: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_tells_files_of_the_same_content()
    {
        Directory.CreateDirectory(Folder["twice"]);
        foreach (var name in (string[])["a", "b"])
            File.Copy(Path.Combine(Folder["raw"], "images", "case0.nii.gz"), Folder[$"twice/{name}.nii.gz"]);
        Assert.Contains($"  the same content as {Folder["twice/a.nii.gz"]}", CliRun.Of("inspect", Folder["twice"]).Out.Split('\n'));
    }

    [Fact]
    public void Prepare_takes_windows_rules_and_grids_and_prediction_follows_them()
    {
        string[] grid = ["--window", "-100..300", "--normalisation", "percentile", "--spacing", "2,2,3", "--crop", "foreground", "--pad", "16,16,6"];
        var summary = Json(CliRun.Of(["prepare", Folder["raw"], "--out", Folder["gridded"], "--dataset", "boxes", "--json", .. grid]));
        Assert.Equal(8, summary.GetProperty("written").GetInt32());
        using (var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder["gridded"], "manifest.json"))))
        {
            var settings = manifest.RootElement.GetProperty("settings");
            Assert.Equal(("-100", "Percentile", "2,2,3", "foreground", "16,16,6"),
                (settings.GetProperty("ctWindowLow").GetRawText(), settings.GetProperty("normalisation").GetString(), settings.GetProperty("spacing").GetString(),
                settings.GetProperty("crop").GetString(), settings.GetProperty("pad").GetString()));
        }

        Assert.Equal(0, CliRun.Of(
            "finetune", "segment", "--data", Folder["gridded"], "--weights", "scratch", "--preset", "tiny", "--out", Folder["gridded-run"],
            "--steps", "2", "--learning-rate", "0.01", "--labels", "2", "--device", "cpu", "--set", "validations=1", "--set", "batch=4").ExitCode);
        var input = Json(CliRun.Of("weights", "show", Path.Combine(Folder["gridded-run"], "weights.safetensors"), "--json")).GetProperty("card").GetProperty("input");
        Assert.Equal(("2,2,3", "foreground", "16,16,6"), (input.GetProperty("spacing").GetString(), input.GetProperty("crop").GetString(), input.GetProperty("pad").GetString()));

        var image = Path.Combine(Folder["raw"], "images", "case2.nii.gz");
        var predicted = Json(CliRun.Of("predict", "--model", Folder["gridded-run"], "--input", image, "--out", Folder["gridded-masks"], "--device", "cpu", "--json"))[0];
        var mask = ImageFile.ReadHeader(Path.Combine(Folder["gridded-masks"], predicted.GetProperty("masks")[0].GetString()!));
        Assert.Equal([24, 24, 6], mask.Shape);
    }

    [Fact]
    public void Inspect_describes_every_file_of_a_folder()
    {
        var found = Json(CliRun.Of("inspect", Folder["raw"], "--json"));
        Assert.Equal(16, found.GetArrayLength());
    }

    [Fact]
    public void A_fine_tuning_leaves_a_whole_run_folder()
    {
        var result = Json(made.Finetune);
        Assert.Equal(4, result.GetProperty("step").GetInt64());
        Assert.Contains("finetune  epoch", made.Finetune.Error, StringComparison.Ordinal);
        foreach (var file in (string[])["config.yaml", "metrics.jsonl", "weights.safetensors", "report.html", "checkpoints"])
            Assert.True(Path.Exists(Path.Combine(Folder["run"], file)), file);
    }

    [Fact]
    public void Compare_shares_the_runs_among_processes_and_has_a_page()
    {
        string[] line = ["compare", "segment", "--data", Folder["store"], "--weights", $"mine={Folder["run"]}", "--out", Folder["compared"], "--runs", "2", "--jobs", "2"];
        string[] brief = ["--steps", "2", "--learning-rate", "0.01", "--labels", "2", "--device", "cpu", "--set", "validations=1", "--set", "batch=4"];
        using var process = Process.Start(ChildProcess.StartInfo([CliRun.Program, .. line, .. brief, "--json"]))!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        using var json = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(["mine", "scratch"], json.RootElement.GetProperty("arms").EnumerateArray().Select(a => a.GetProperty("name").GetString()));
        Assert.Equal(2, json.RootElement.GetProperty("differences")[0].GetProperty("pairs").GetInt32());
        Assert.Equal(4, json.RootElement.GetProperty("finished").GetInt32());
        foreach (var file in (string[])["compare.md", "compare.csv", "compare.json", "report.html"])
            Assert.True(File.Exists(Path.Combine(Folder["compared"], file)), file);
        Assert.Contains("mine − scratch: ", CliRun.OfProcess(new Dictionary<string, string?>(), [.. line, .. brief]).Out, StringComparison.Ordinal);   // nothing is left to do
    }

    [Fact]
    public void Evaluate_gives_the_scores_of_the_run()
    {
        var evaluated = Json(CliRun.Of("evaluate", "--model", Folder["run"], "--data", Folder["store"], "--device", "cpu", "--json"));
        var tested = Json(made.Finetune);
        Assert.Equal(
            tested.GetProperty("summary").GetProperty("dice").GetProperty("mean").GetDouble(),
            evaluated.GetProperty("summary").GetProperty("dice").GetProperty("mean").GetDouble());
    }

    [Fact]
    public void Predict_writes_a_mask_over_the_scan()
    {
        var input = Path.Combine(Folder["raw"], "images", "case1.nii.gz");
        var cases = Json(CliRun.Of("predict", "--model", Folder["run"], "--input", input, "--out", Folder["masks"], "--device", "cpu", "--json"));
        var mask = cases[0].GetProperty("masks")[0].GetString()!;
        Assert.Equal(ImageFile.ReadHeader(input).Shape, ImageFile.ReadHeader(Path.Combine(Folder["masks"], mask)).Shape);
    }

    [Fact]
    public void Embed_writes_a_row_a_slice()
    {
        var input = Path.Combine(Folder["raw"], "images", "case1.nii.gz");
        var run = CliRun.Of("embed", "--weights", Folder["run"], "--input", input, "--out", Folder["e.npy"], "--level", "slice", "--device", "cpu");
        Assert.True(run.ExitCode == 0, run.Error);
        var array = NpyFile.Read(Folder["e.npy"]);
        Assert.Equal([6, 61 * 16], array.Shape);
        Assert.Equal($"{Folder["e.npy"]}: 6 × 976, a row a slice\n", run.Out);
    }

    [Fact]
    public void Weights_show_tells_the_card_and_the_nets()
    {
        var text = CliRun.Of("weights", "show", Folder["run"]);
        Assert.Equal(0, text.ExitCode);
        Assert.Contains("task segment", text.Out, StringComparison.Ordinal);
        Assert.Equal("tiny", Json(CliRun.Of("weights", "show", Folder["run"], "--json")).GetProperty("card").GetProperty("preset").GetString());
    }

    [Fact]
    public void Weights_convert_writes_the_backbone_that_embeds_the_same()
    {
        var made = Json(CliRun.Of("weights", "convert", Folder["run"], "--to", "torchvision", "--out", Folder["backbone.pth"], "--json"));
        Assert.Equal("encoder.", made.GetProperty("report").GetProperty("prefix").GetString());
        Assert.Equal(1, made.GetProperty("report").GetProperty("parameter_share").GetDouble());
        var found = Json(CliRun.Of("inspect", Folder["backbone.pth"], "--json"))[0];
        Assert.Equal("pytorch", found.GetProperty("format").GetString());
        Assert.Equal(made.GetProperty("tensors").GetInt32(), found.GetProperty("tensors").GetInt32());

        var input = Path.Combine(Folder["raw"], "images", "case1.nii.gz");
        foreach (var (weights, vectors) in new[] { ("run", "of-run.npy"), ("backbone.pth", "of-backbone.npy") })
            Assert.Equal(0, CliRun.Of("embed", "--weights", Folder[weights], "--input", input, "--out", Folder[vectors], "--level", "slice", "--device", "cpu").ExitCode);
        Assert.Equal(File.ReadAllBytes(Folder["of-run.npy"]), File.ReadAllBytes(Folder["of-backbone.npy"]));

        var text = CliRun.Of("weights", "convert", Folder["run"], "--to", "torchvision", "--out", Folder["backbone.safetensors"]);
        Assert.StartsWith($"{Folder["backbone.safetensors"]}: ", text.Out, StringComparison.Ordinal);
        Assert.Contains("100.0 % of the encoder's parameters) from 'encoder.…', 0 missing, 0 unexpected", text.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_names_the_file_it_wrote()
    {
        var run = CliRun.Of("report", Folder["run"]);
        Assert.Equal(Path.Combine(Folder["run"], "report.html") + "\n", run.Out);
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_ends_a_run_with_its_checkpoint_written(string signal, int code)
    {
        Assert.SkipWhen(ChildProcess.Ignores(signal), $"SIG{signal} is ignored where these tests run");
        var run = Folder[$"run-{signal}"];
        string[] line = [CliRun.Program, .. made.FinetuneLine(run, steps: 1_000_000)];
        using var process = Process.Start(ChildProcess.StartInfo(line))!;
        // The first step line says that it trains; then it is asked to stop.
        while (process.StandardError.ReadLine() is { } text && !text.StartsWith("finetune ", StringComparison.Ordinal))
            Assert.False(text.StartsWith("conjoint: error", StringComparison.Ordinal), text);
        var rest = ChildProcess.EndBySignal(process, signal);

        Assert.Equal(code, process.ExitCode);
        Assert.Contains("conjoint: error: interrupted.", rest, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFileSystemEntries(Path.Combine(run, "checkpoints")));
    }

    [Fact]
    public void A_reader_that_leaves_early_is_no_error()
    {
        using var process = Process.Start(ChildProcess.StartInfo([CliRun.Program, "inspect", Folder["raw"], "--json"]))!;
        process.StandardOutput.Close();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal("", error);
        Assert.Equal(0, process.ExitCode);
    }
}
