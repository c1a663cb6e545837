using System.Diagnostics;
using Conjoint.TestSupport;

namespace Conjoint.Cli.Tests.EndToEnd;

/// <summary>The learning protocol at its smallest, killed and started again, alone and by two processes.</summary>
public sealed class KilledBenchmarkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Kill_9_and_start_again_by_two_processes_gives_the_same_tables()
    {
        var whole = Start("whole");
        Assert.Equal(0, End(whole, out var output, out var error));
        Assert.DoesNotContain("Incomplete", File.ReadAllText(_folder["whole/learning.md"]), StringComparison.Ordinal);
        Assert.Contains("all − scratch, 1 labelled", output, StringComparison.Ordinal);
        Assert.Contains("cell 1 of 40: pretrain/slices/seed0", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["whole/work"]));

        foreach (var cells in new[] { 1, 9 })
        {
            var killed = Start("killed", "--jobs", "2");
            while (!killed.HasExited && Finished("killed") < cells)
                Thread.Sleep(20);
            killed.Kill();
            killed.WaitForExit();
        }

        Assert.True(Finished("killed") < 40);
        Assert.Equal(0, End(Start("killed", "--jobs", "2"), out _, out _));
        foreach (var table in new[] { "learning.csv", "learning.json" })
            Assert.Equal(File.ReadAllText(_folder[$"whole/{table}"]), File.ReadAllText(_folder[$"killed/{table}"]));

        // The cells' file alone is enough: nothing is trained again, and no pre-training's folder is wanted.
        Directory.CreateDirectory(_folder["taken"]);
        File.Copy(_folder["whole/cells.jsonl"], _folder["taken/cells.jsonl"]);
        Assert.Equal(0, End(Start("taken", "--json"), out var json, out var quiet));
        Assert.DoesNotContain("cell ", quiet, StringComparison.Ordinal);
        Assert.Contains("\"is_complete\": true", json, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(_folder["whole/learning.csv"]), File.ReadAllText(_folder["taken/learning.csv"]));
        Assert.False(Directory.Exists(_folder["taken/pretrain"]));
    }

    [Fact]
    public void A_table_of_the_paper_that_was_killed_twice_is_the_table_of_one_that_was_not()
    {
        string[] Line(string name, params string[] more) => ["benchmark", "--table", "7", "--scale", "tiny", "--out", _folder[name], .. more];
        Assert.Equal(0, End(Process.Start(ChildProcess.StartInfo([CliRun.Program, .. Line("whole")]))!, out var output, out _));
        Assert.Contains("Full model, CT: ct: ", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["whole/work"]));
        foreach (var cells in new[] { 2, 7 })
        {
            var killed = Process.Start(ChildProcess.StartInfo([CliRun.Program, .. Line("killed", "--jobs", "2")]))!;
            while (!killed.HasExited && Finished("killed") < cells)
                Thread.Sleep(20);
            killed.Kill();
            killed.WaitForExit();
        }

        Assert.True(Finished("killed") < 13);
        Assert.Equal(0, End(Process.Start(ChildProcess.StartInfo([CliRun.Program, .. Line("killed", "--jobs", "2")]))!, out _, out _));
        foreach (var table in new[] { "table7.csv", "table7.json" })
            Assert.Equal(File.ReadAllText(_folder[$"whole/{table}"]), File.ReadAllText(_folder[$"killed/{table}"]));
        foreach (var picture in new[] { "table7-figure1.png", "table7.html" })
            Assert.Equal(File.ReadAllBytes(_folder[$"whole/{picture}"]), File.ReadAllBytes(_folder[$"killed/{picture}"]));
    }

    [Theory]
    [InlineData("--table 2 --data x", "expected one of 3, 4, 5, 6, 7, 8, learning")]
    [InlineData("--table 7", "--data")]
    [InlineData("--table 7 --scale tiny --set methods=[SwAW]", "SwAV")]
    [InlineData("--table learning --repeat pretraining --scale tiny", "--repeat")]
    [InlineData("--table learning", "--data")]
    [InlineData("--table learning --scale full --data x", "tiny and small")]
    [InlineData("--table learning --scale tiny --set rates=[]", "rates")]
    public void What_cannot_be_run_is_a_usage_error(string line, string part)
    {
        var run = CliRun.Of(["benchmark", .. line.Split(' '), "--out", _folder["out"]]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(part, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_the_hippocampus_is_refused_with_what_is_expected()
    {
        Directory.CreateDirectory(_folder["data"]);
        var run = CliRun.Of("benchmark", "--table", "learning", "--data", _folder["data"], "--out", _folder["out"]);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("seg3d/hippocampus", run.Error, StringComparison.Ordinal);
    }

    private int Finished(string name) => File.Exists(_folder[$"{name}/cells.jsonl"]) ? File.ReadAllLines(_folder[$"{name}/cells.jsonl"]).Length : 0;

    private Process Start(string name, params string[] more) => Process.Start(ChildProcess.StartInfo(
        [CliRun.Program, "benchmark", "--table", "learning", "--scale", "tiny", "--out", _folder[name], "--runs", "1", .. more, "--set", "labels=[1]", "rates=[0.1]"]))!;

    private static int End(Process process, out string output, out string error)
    {
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            error = errors.Result;
            return process.ExitCode;
        }
    }
}
