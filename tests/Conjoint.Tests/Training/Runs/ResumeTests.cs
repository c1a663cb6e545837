using Conjoint.Imaging;
using Conjoint.Runtime;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Settings;

namespace Conjoint.Tests.Training.Runs;

/// <summary>A run that was stopped, in whatever way and at whatever moment, ends with the bits of one that was not.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class ResumeTests : IDisposable
{
    private readonly SmallRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(ClusteringMethod.Swav, 1)]
    [InlineData(ClusteringMethod.Swav, 4)]
    [InlineData(ClusteringMethod.DeepClusterV2, 1)]
    [InlineData(ClusteringMethod.DeepClusterV2, 5)]
    public void Stopping_after_every_few_batches_changes_no_bit(ClusteringMethod method, int stopEvery)
    {
        var settings = SmallRun.Settings(method);
        var whole = _run.Run(settings, "whole");
        var (attempts, steps) = (0, 0);
        for (var done = false; !done; attempts++)
        {
            Assert.InRange(attempts, 0, 40);
            done = RunUntil(settings, "pieces", stopEvery, out var watcher);
            steps += watcher.Steps.Count;
        }

        SmallRun.AssertSame(whole, new RunFolder(_run["pieces"]));
        Assert.True(attempts > 14 / stopEvery, $"{attempts} attempts");
        Assert.Equal(14, steps);                        // a stop costs no step
    }

    [Theory]
    [InlineData(ClusteringMethod.Swav, 5)]
    [InlineData(ClusteringMethod.Swav, 6)]
    [InlineData(ClusteringMethod.Swav, 9)]
    [InlineData(ClusteringMethod.Swav, 14)]
    [InlineData(ClusteringMethod.DeepClusterV2, 4)]
    [InlineData(ClusteringMethod.DeepClusterV2, 15)]
    public void An_end_without_a_word_costs_no_more_than_what_came_after_the_last_checkpoint(ClusteringMethod method, int occasion)
    {
        var settings = SmallRun.Settings(method);
        var whole = _run.Run(settings, "whole");

        // A checkpoint at every step, which is not a setting of its own kind: config.yaml holds it, so that both runs have it.
        var often = settings with { CheckpointSeconds = 1e-6 };
        var dying = new Watcher(seen =>
        {
            if (seen == occasion)
                throw new InvalidOperationException("killed");
        });
        Assert.Throws<InvalidOperationException>(() => _run.Run(often, "killed", observer: dying));
        var last = dying.Steps[^1];

        var going = new Watcher();
        var killed = _run.Run(often, "killed", r => r with { Resume = true }, going);
        SmallRun.AssertSame(whole, killed);
        // The step that was not in a checkpoint any more is done again; nothing else is.
        Assert.Equal((last.Stage, last.Step), (going.Steps[0].Stage, going.Steps[0].Step));
    }

    [Fact]
    public void Resume_without_a_checkpoint_starts()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        var whole = _run.Run(settings, "whole");
        SmallRun.AssertSame(whole, _run.Run(settings, "new", r => r with { Resume = true }));

        // As a kill before the first checkpoint leaves it: settings, and lines that nothing knows of.
        RunFolder.Create(_run["early"]);
        File.Copy(whole.Config, Path.Combine(_run["early"], "config.yaml"));
        File.WriteAllText(Path.Combine(_run["early"], "metrics.jsonl"), "{\"stage\":\"slices\",\"step\":0}\n");
        SmallRun.AssertSame(whole, _run.Run(settings, "early", r => r with { Resume = true }));
    }

    [Fact]
    public void Resume_of_a_finished_run_changes_nothing()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        var run = _run.Run(settings, "run");
        var before = Snapshot(run.Path);
        _run.Run(settings, "run", r => r with { Resume = true });
        Assert.Equal(before, Snapshot(run.Path));
    }

    [Fact]
    public void A_kill_between_the_last_stage_and_the_end_repeats_no_step()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        var whole = _run.Run(settings, "whole");
        var run = _run.Run(settings, "run");
        File.Delete(run.Weights);
        File.Delete(run.StageWeights(StageName.Volumes));
        File.WriteAllText(Path.Combine(run.Checkpoints, ".last.safetensors.1-2.tmp"), "half a checkpoint");
        var watcher = new Watcher();
        SmallRun.AssertSame(whole, _run.Run(settings, "run", r => r with { Resume = true }, watcher));
        Assert.Empty(watcher.Steps);
        Assert.Equal(["last.safetensors"], Directory.GetFiles(run.Checkpoints).Select(Path.GetFileName));
    }

    [Fact]
    public void A_folder_with_a_run_is_not_taken_without_resume()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        RunUntil(settings, "run", 2, out _);
        var error = Assert.Throws<ConfigurationException>(() => _run.Run(settings, "run"));
        Assert.Contains("--resume", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_settings_other_data_and_another_precision_are_refused()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        RunUntil(settings, "run", 2, out _);
        var before = Snapshot(_run["run"]);

        Assert.Throws<ConfigurationException>(() => _run.Run(settings with { Seed = 6 }, "run", r => r with { Resume = true }));
        var precision = Assert.Throws<ConfigurationException>(() => _run.Run(settings, "run", r => r with { Resume = true, Precision = Precision.Bf16 }));
        Assert.Contains("--precision fp32", precision.Message, StringComparison.Ordinal);
        var other = SmallStore.Write(_run["other"], [1, 3, 5, 4, 6], 3, (number, slice, y, x) => (number + slice + y + x) % 7 / 7f);
        var data = Assert.Throws<InputDataException>(() => _run.Run(settings, "run", r => r with { Resume = true, Stores = [other] }));
        Assert.Contains("same stores", data.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot(_run["run"]));
    }

    [Fact]
    public void No_step_stands_in_the_metrics_twice()
    {
        var settings = SmallRun.Settings(ClusteringMethod.DeepClusterV2);
        while (!RunUntil(settings, "run", 3, out _))
        {
        }

        var steps = MetricsReader.Read(new RunFolder(_run["run"]).Metrics).Select(l => (l.Stage, l.Integer("step"))).ToList();
        Assert.Equal(steps.Distinct(), steps);
        Assert.Equal(14, steps.Count);
    }

    /// <summary>Goes on with a run, and stops it after some occasions.</summary>
    /// <returns>Whether it came to its end.</returns>
    private bool RunUntil(PretrainSettings settings, string name, int occasions, out Watcher watcher)
    {
        using var stop = new CancellationTokenSource();
        watcher = new Watcher(seen =>
        {
            if (seen == occasions)
                stop.Cancel();
        });
        try
        {
            Pretraining.Run(_run.Request(settings, name) with { Resume = true }, watcher, stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            Assert.True(File.Exists(Path.Combine(_run[name], "checkpoints", "last.safetensors")));
            return false;
        }
    }

    /// <summary>What a run must not touch; a resumed run may describe itself anew in report/.</summary>
    private static (string Name, string Content)[] Snapshot(string folder) =>
        [.. Data.Samples.Snapshot(folder).Where(f => !f.Name.StartsWith("report", StringComparison.Ordinal) && !f.Name.StartsWith("events", StringComparison.Ordinal))];
}
