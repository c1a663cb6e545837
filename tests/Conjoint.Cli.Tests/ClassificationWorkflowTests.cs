using System.Globalization;
using System.Text.Json;
using Conjoint.TestSupport;

namespace Conjoint.Cli.Tests;

/// <summary>From raw files with a table to a scored classifier, verb by verb, on a store and a model that are made once.</summary>
public sealed class ClassificationWorkflowTests(ClassificationWorkflowTests.Made made) : IClassFixture<ClassificationWorkflowTests.Made>
{
    /// <summary>Raw files, the store made of them, and a run on it.</summary>
    public sealed class Made : IDisposable
    {
        public TemporaryFolder Folder { get; } = new();

        internal CliRun Finetune { get; }

        public Made()
        {
            Samples.WriteClassFolder(Folder["raw"]);
            var prepare = CliRun.Of("prepare", Folder["raw"], "--out", Folder["store"], "--label-column", "finding");
            Assert.True(prepare.ExitCode == 0, prepare.Error);
            Finetune = CliRun.Of([.. FinetuneLine(Folder["run"]), "--json"]);
        }

        public string[] FinetuneLine(string run) =>
        [
            "finetune", "classify", "--data", Folder["store"], "--weights", "scratch", "--preset", "tiny", "--out", run,
            "--steps", "3", "--learning-rate", "0.01", "--device", "cpu", "--balance", "sampling", "--set", "validations=1", "--set", "batch=3",
        ];

        public void Dispose() => Folder.Dispose();
    }

    private TemporaryFolder Folder => made.Folder;

    private static JsonElement Json(CliRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        using var document = JsonDocument.Parse(run.Out);
        return document.RootElement.Clone();
    }

    [Fact]
    public void A_fine_tuning_leaves_a_whole_run_folder_with_a_ROC_curve()
    {
        var result = Json(made.Finetune);
        Assert.Equal(3, result.GetProperty("step").GetInt64());
        Assert.Equal(["absent", "present"], result.GetProperty("classes").EnumerateArray().Select(c => c.GetString()));
        foreach (var file in (string[])["config.yaml", "metrics.jsonl", "weights.safetensors", "report.html", "checkpoints"])
            Assert.True(Path.Exists(Path.Combine(Folder["run"], file)), file);
        var report = File.ReadAllText(Path.Combine(Folder["run"], "report.html"));
        Assert.Contains("ROC curve of 4 test cases", report, StringComparison.Ordinal);
        Assert.Contains("Area under the ROC curve on 4 test cases", report, StringComparison.Ordinal);
        Assert.DoesNotContain(Folder.Path, report, StringComparison.Ordinal);
        Assert.Contains("max_slices: 24", File.ReadAllText(Path.Combine(Folder["run"], "config.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_run_is_not_done_again()
    {
        var again = Json(CliRun.Of([.. made.FinetuneLine(Folder["run"]), "--json", "--resume"]));
        Assert.Equal(Json(made.Finetune).GetProperty("summary").ToString(), again.GetProperty("summary").ToString());
    }

    [Fact]
    public void Evaluate_gives_the_scores_of_the_run()
    {
        var evaluated = Json(CliRun.Of("evaluate", "--model", Folder["run"], "--data", Folder["store"], "--device", "cpu", "--json"));
        Assert.Equal(Json(made.Finetune).GetProperty("summary").ToString(), evaluated.GetProperty("summary").ToString());
        Assert.Equal(Json(made.Finetune).GetProperty("test").ToString(), evaluated.GetProperty("cases").ToString());

        var text = CliRun.Of("evaluate", "--model", Folder["run"], "--data", Folder["store"], "--device", "cpu");
        Assert.StartsWith("test: AUC ", text.Out, StringComparison.Ordinal);
        Assert.Contains("\n  sensitivity ", text.Out, StringComparison.Ordinal);
    }

    /// <summary>The files are the store's test cases, so their probabilities are those of the test.</summary>
    [Fact]
    public void Predict_writes_the_probabilities_that_the_test_had()
    {
        string[] files = [.. Enumerable.Range(8, 4).Select(i => Path.Combine(Folder["raw"], "images", $"case{i}.nii.gz"))];
        var scans = Json(CliRun.Of(["predict", "--model", Folder["run"], "--input", .. files, "--out", Folder["classes"], "--device", "cpu", "--json"]));
        var tested = Json(made.Finetune).GetProperty("test").EnumerateArray().Select(c => c.GetProperty("probabilities")[1].GetDouble()).Order();
        Assert.Equal(tested, scans.EnumerateArray().Select(s => s.GetProperty("probabilities")[1].GetProperty("probability").GetDouble()).Order());

        var rows = File.ReadAllLines(Path.Combine(Folder["classes"], "predictions.csv"));
        Assert.Equal("id,source,kind,predicted,probability_absent,probability_present", rows[0]);
        Assert.Equal(tested, rows[1..].Select(r => double.Parse(r.Split(',')[5], CultureInfo.InvariantCulture)).Order());
        Assert.All(rows[1..], r => Assert.Equal("volume", r.Split(',')[2]));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder["classes"], "predictions.json")));
        Assert.Equal(4, json.RootElement.GetArrayLength());
    }

    [Fact]
    public void Another_classifier_starts_from_both_encoders_of_this_one()
    {
        var line = made.FinetuneLine(Folder["second"]).Select(word => word == "scratch" ? Folder["run"] : word);
        var run = CliRun.Of([.. line]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("volume encoder: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("random first weights", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Probes_tell_what_the_encoders_of_a_run_know()
    {
        string[] line = ["probe", "--data", Folder["store"], "--weights", Folder["run"], "--out", Folder["probe"], "--max-slices", "3", "--device", "cpu", "--features"];
        var run = CliRun.Of(line);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.StartsWith("test: 4 cases; fitted to 6 of 6 subjects, classes absent, present (positive: present)\n  slices, linear: AUC ", run.Out, StringComparison.Ordinal);
        Assert.Contains("over untrained", run.Out, StringComparison.Ordinal);
        foreach (var file in (string[])["config.yaml", "metrics.jsonl", "report.html", "features/volume.npy", "features/cases.csv"])
            Assert.True(Path.Exists(Path.Combine(Folder["probe"], file)), file);
        Assert.DoesNotContain(Folder.Path, File.ReadAllText(Path.Combine(Folder["probe"], "report.html")), StringComparison.Ordinal);

        // The same question by the table that the store was prepared from.
        var table = Json(CliRun.Of([.. line.Select(word => word == Folder["probe"] ? Folder["by-table"] : word), "--table", Path.Combine(Folder["raw"], "index.csv"), "--target", "finding", "--json"]));
        Assert.Equal(12, table.GetProperty("probes").GetArrayLength());
        Assert.Equal(File.ReadAllText(Path.Combine(Folder["probe"], "metrics.jsonl")), File.ReadAllText(Path.Combine(Folder["by-table"], "metrics.jsonl")));

        AssertFault(2, "holds a run already", line);
        line[6] = Folder["none"];
        AssertFault(3, "no column 'age'; its columns are image, subject, split, finding", [.. line, "--table", Path.Combine(Folder["raw"], "index.csv"), "--target", "age"]);
        AssertFault(2, "--split", [.. line, "--split", "train"]);
        AssertFault(2, "max_slice", [.. line, "--set", "max_slice=3"]);
    }

    [Fact]
    public void What_cannot_be_done_is_said_in_a_line()
    {
        Samples.WriteFolder(Folder["masks"]);
        Assert.Equal(0, CliRun.Of("prepare", Folder["masks"], "--out", Folder["mask-store"]).ExitCode);
        AssertFault(3, "no case of the training split has a class", ["finetune", "classify", "--data", Folder["mask-store"], "--weights", "scratch", "--preset", "tiny", "--out", Folder["none"]]);
        AssertFault(2, "--balance", ["finetune", "classify", "--data", Folder["store"], "--weights", "scratch", "--out", Folder["none"], "--balance", "much"]);
        AssertFault(2, "absent, present", [.. made.FinetuneLine(Folder["none"]), "--positive", "perhaps"]);
        AssertFault(2, "are all of class", [.. made.FinetuneLine(Folder["none"]), "--labels", "1"]);
        AssertFault(3, "split 'val'", ["evaluate", "--model", Folder["run"], "--data", Folder["mask-store"], "--split", "val", "--device", "cpu"]);
        Runtime.Safetensors.Write(Folder["plain.safetensors"], new Dictionary<string, TorchSharp.torch.Tensor> { ["w"] = TorchSharp.torch.zeros(1) });
        AssertFault(3, "without Conjoint's card", ["predict", "--model", Folder["plain.safetensors"], "--input", Folder["raw"], "--out", Folder["none"]]);
    }

    private static void AssertFault(int code, string words, string[] line)
    {
        var run = CliRun.Of(line);
        Assert.Equal(code, run.ExitCode);
        Assert.Equal("", run.Out);
        Assert.Contains(words, Assert.Single(run.Error.Split('\n'), l => l.StartsWith("conjoint: error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
