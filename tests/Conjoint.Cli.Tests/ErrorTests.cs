using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.TestSupport;

namespace Conjoint.Cli.Tests;

/// <summary>Bad input and bad settings: the exit code, and one line that names the file or key.</summary>
public class ErrorTests
{
    private static void AssertFault(int code, string file, CliRun run)
    {
        Assert.Equal(code, run.ExitCode);
        Assert.Equal("", run.Out);
        var line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => l.StartsWith("conjoint: error: ", StringComparison.Ordinal));
        Assert.Contains(file, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect NONE")]
    [InlineData("prepare NONE --out FOLDER/store")]
    [InlineData("report NONE")]
    [InlineData("evaluate --model NONE --data NONE")]
    [InlineData("finetune segment --data NONE --weights scratch --out FOLDER/run")]
    [InlineData("finetune classify --data NONE --weights scratch --out FOLDER/run")]
    [InlineData("pretrain --data NONE --out FOLDER/run --preset tiny")]
    [InlineData("predict --model NONE --input NONE --out FOLDER/out")]
    [InlineData("embed --weights NONE --input NONE --out FOLDER/out.npy")]
    [InlineData("weights show NONE")]
    [InlineData("weights show NONE.pth")]
    [InlineData("weights convert NONE --to torchvision --out FOLDER/x.pth")]
    [InlineData("inspect NONE.safetensors")]
    [InlineData("inspect NONE.nii.gz")]
    public void What_is_missing_is_an_input_error(string line)
    {
        using var folder = new TemporaryFolder();
        var args = line.Replace("NONE", folder["none"], StringComparison.Ordinal).Replace("FOLDER", folder.Path, StringComparison.Ordinal).Split(' ');
        AssertFault(3, folder["none"], CliRun.Of(args));
    }

    [Fact]
    public void A_file_in_the_place_of_the_results_is_a_usage_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["taken"], "");
        AssertFault(2, folder["taken"], CliRun.Of("demo", "--out", folder["taken"]));
    }

    [Fact]
    public void A_lone_damaged_file_is_named_once()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.png"], "hello");
        var run = CliRun.Of("prepare", folder["text.png"], "--out", folder["store"]);
        AssertFault(3, folder["text.png"], run);
        Assert.DoesNotContain("text.png text.png", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_folder_is_an_input_error()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);
        AssertFault(3, folder["empty"], CliRun.Of("prepare", folder["empty"], "--out", folder["store"]));
        AssertFault(3, folder["empty"], CliRun.Of("report", folder["empty"]));
    }

    [Theory]
    [InlineData("cut.png")]
    [InlineData("cut.nii")]
    [InlineData("cut.nii.gz")]
    [InlineData("cut.npy")]
    [InlineData("cut.safetensors")]
    [InlineData("text.npy")]
    [InlineData("text.nii.gz")]
    [InlineData("text.safetensors")]
    [InlineData("text.pth")]
    public void A_damaged_file_is_an_input_error(string name)
    {
        using var folder = new TemporaryFolder();
        var path = folder[name];
        if (name.StartsWith("text", StringComparison.Ordinal))
            File.WriteAllText(path, "this is no image at all, whatever its name says; it is a text of some length.");
        else
            Samples.WriteCut(path);
        AssertFault(3, path, CliRun.Of("inspect", path));
    }

    [Theory]
    [InlineData("inspect FILE")]
    [InlineData("weights show FILE")]
    [InlineData("weights convert FILE --to safetensors --out FOLDER/x.safetensors")]
    [InlineData("weights convert FILE --to torchvision --out FOLDER/x.pth")]
    [InlineData("embed --weights FILE --input FOLDER --out FOLDER/x.npy")]
    public void A_checkpoint_that_would_run_a_command_does_nothing_but_an_error(string line)
    {
        using var folder = new TemporaryFolder();
        var pickle = new PickleBytes().Small().Text("x").Global("posix", "system").Op("(").Text($"touch {folder["executed"]}").Op("tRs");
        TorchFiles.WriteZip(folder["x.pth"], pickle.End(), [("0", TorchFiles.OneToFour)]);
        var args = line.Replace("FILE", folder["x.pth"], StringComparison.Ordinal).Replace("FOLDER", folder.Path, StringComparison.Ordinal).Split(' ');
        var run = CliRun.Of(args);
        AssertFault(3, folder["x.pth"], run);
        Assert.Contains("holds a call of 'posix.system', which Conjoint never runs", run.Error, StringComparison.Ordinal);
        Assert.Equal([folder["x.pth"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Every_fault_of_a_configuration_is_told_in_a_line_of_its_own()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["run.yaml"], "epoch: 3\nmomentum: 2\n");
        var run = CliRun.Of("finetune", "segment", "--data", "s", "--weights", "scratch", "--out", folder["run"], "--config", folder["run.yaml"], "--set", "encoder.base_widht=3");
        Assert.Equal(2, run.ExitCode);
        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Contains($"conjoint: error: {folder["run.yaml"]}:1: epoch: unknown key; did you mean epochs?", lines);
        Assert.Contains($"conjoint: error: {folder["run.yaml"]}:2: momentum: received '2'; expected a number at least 0, below 1", lines);
        Assert.Contains("conjoint: error: --set encoder.base_widht=3: encoder.base_widht: unknown key; did you mean base_width?", lines);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void A_wrong_setting_of_pretrain_is_a_configuration_error()
    {
        using var folder = new TemporaryFolder();
        AssertFault(2, "slices.epochz: unknown key; did you mean epochs?", CliRun.Of("pretrain", "--data", "s", "--out", folder["run"], "--preset", "tiny", "--set", "slices.epochz=3"));
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void A_missing_or_broken_configuration_is_a_configuration_error()
    {
        using var folder = new TemporaryFolder();
        string[] line = ["finetune", "segment", "--data", "s", "--weights", "scratch", "--out", folder["run"], "--config", folder["run.yaml"]];
        AssertFault(2, folder["run.yaml"], CliRun.Of(line));
        File.WriteAllText(folder["run.yaml"], "epochs: [3\n");
        AssertFault(2, folder["run.yaml"] + ":", CliRun.Of(line));
    }

    [Fact]
    public void An_unknown_device_is_a_configuration_error()
    {
        using var folder = new TemporaryFolder();
        Samples.WriteFolder(folder["raw"]);
        Assert.Equal(0, CliRun.Of("prepare", folder["raw"], "--out", folder["store"]).ExitCode);
        AssertFault(2, "device gpu", CliRun.Of("finetune", "segment", "--data", folder["store"], "--weights", "scratch", "--preset", "tiny", "--out", folder["run"], "--device", "gpu"));
    }

    [Fact]
    public void A_bad_case_is_set_aside_with_its_reason_and_the_others_go_on()
    {
        using var folder = new TemporaryFolder();
        Samples.WriteFolder(folder["raw"]);
        Samples.WriteCut(Path.Combine(folder["raw"], "images", "case9.nii.gz"));
        var run = CliRun.Of("prepare", folder["raw"], "--out", folder["store"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("case9.nii.gz", File.ReadAllText(Path.Combine(folder["store"], "skipped.jsonl")), StringComparison.Ordinal);
        Assert.Contains("left out 1", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stack_trace_is_shown_to_those_who_ask()
    {
        var run = CliRun.Of("inspect", "/none", "--verbose");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("   at Conjoint.", run.Error, StringComparison.Ordinal);
        Assert.Contains(nameof(InputDataException), run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Exceptions_have_the_exit_codes_of_the_contract()
    {
        Assert.Equal(2, ExitCode.Of(new ConfigurationException("")));
        Assert.Equal(3, ExitCode.Of(new InputDataException("", "")));
        Assert.Equal(4, ExitCode.Of(new TrainingDivergedException("")));
        Assert.Equal(1, ExitCode.Of(new TensorLibraryException("")));
        Assert.Equal(1, ExitCode.Of(new InvalidOperationException()));
    }
}
