using Conjoint.Data.Augmentation;
using Conjoint.Runtime;
using Conjoint.Training.Checkpoints;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Settings;

namespace Conjoint.Tests.Training.Runs;

/// <summary>Losses that are not finite, and embeddings that collapse.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class DivergenceTests
{
    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void A_run_that_diverges_ends_and_leaves_a_checkpoint_from_before(ClusteringMethod method)
    {
        using var run = new SmallRun();
        var settings = SmallRun.Settings(method);
        // The rate rises from 0: the first step changes nothing, the next ones everything.
        settings = settings with { CheckpointSeconds = 1e-6, Slices = settings.Slices with { LearningRatePer256 = 1e38, Epochs = 8 }, Optimiser = settings.Optimiser with { WarmupFraction = 0.5 } };
        var watcher = new Watcher();
        var error = Assert.Throws<TrainingDivergedException>(() => run.Run(settings, "run", observer: watcher));
        Assert.Contains("learning rate", error.Message, StringComparison.Ordinal);
        Assert.Contains(watcher.Warnings, w => w.Contains("the step is left out", StringComparison.Ordinal));

        var folder = new Conjoint.Training.RunFolder(run["run"]);
        using var checkpoint = Checkpoint.Read(Path.Combine(folder.Checkpoints, "last.safetensors"));
        Assert.InRange(checkpoint.Header.Position.Step, 1, 3);
        Assert.All(checkpoint.Tensors.Where(t => t.Value.is_floating_point()), t => Assert.True(t.Value.isfinite().all().item<bool>(), t.Key));

        // The line that ended it is in the log, and the end repeats itself from the checkpoint.
        Assert.Equal(5, MetricsReader.Read(folder.Metrics).Count(l => l.NonFinite.Contains("loss")));
        Assert.Equal(error.Message, Assert.Throws<TrainingDivergedException>(() => run.Run(settings, "run", r => r with { Resume = true })).Message);
    }

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void A_step_without_a_finite_loss_leaves_no_trace(ClusteringMethod method)
    {
        // One slice of one volume is no number.
        using var run = new SmallRun([1, 3, 5, 4, 6], 3, (number, slice, y, x) => (number, slice) == (2, 1) ? float.NaN : (number * 5 + slice * 3 + y * x) % 17 / 17f);
        var settings = SmallRun.Settings(method);
        // Enough epochs that steps follow it, also in the epoch after the clustering that would know of it.
        settings = settings with { Slices = settings.Slices with { Epochs = 5, Batch = 7 }, CheckpointSeconds = 1e-6 };
        if (method == ClusteringMethod.DeepClusterV2)
            settings = settings with { Slices = settings.Slices with { Prototypes = settings.Slices.Prototypes with { Counts = [3, 2] } } };
        var watcher = new Watcher();
        var folder = run.Run(settings, "run", r => r with { Stage = "slices" }, watcher);
        Assert.Contains(watcher.Warnings, w => w.Contains("the step is left out", StringComparison.Ordinal));
        var lines = MetricsReader.Read(folder.Metrics);
        Assert.True(lines.SkipWhile(l => l.NonFinite.Count == 0).Count(l => l.NonFinite.Count == 0) >= 5);
        using var checkpoint = Checkpoint.Read(Path.Combine(folder.Checkpoints, "last.safetensors"));
        Assert.All(checkpoint.Tensors.Where(t => t.Value.is_floating_point()), t => Assert.True(t.Value.isfinite().all().item<bool>(), t.Key));
    }

    [Fact]
    public void Embeddings_that_stay_one_point_raise_the_alarm_and_end_the_run()
    {
        // All slices are the same and so are all views: nothing can tell them apart.
        using var run = new SmallRun([4, 4, 4], 0, (_, _, y, x) => (y + x) % 5 / 5f);
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        settings = settings with
        {
            Slices = settings.Slices with
            {
                Epochs = 5,
                Views = new MultiCropSettings
                {
                    Crops = [new CropSettings { Count = 2, Size = 16, MinScale = 1, MaxScale = 1 }],
                    MinRatio = 1, MaxRatio = 1, FlipProbability = 0, JitterProbability = 0, BlurProbability = 0,
                },
            },
        };
        var watcher = new Watcher();
        var error = Assert.Throws<TrainingDivergedException>(() => run.Run(settings, "run", observer: watcher));
        Assert.Contains("collapsed", error.Message, StringComparison.Ordinal);
        Assert.Contains(watcher.Warnings, w => w.Contains("Embeddings have collapsed", StringComparison.Ordinal) && w.Contains("Lower the learning rate", StringComparison.Ordinal));
        // Three epochs of two steps, the last one's monitors included.
        Assert.Equal(3, MetricsReader.Read(new Conjoint.Training.RunFolder(run["run"]).Metrics).Count(l => l.Number("effective_rank") < 1.5));
    }
}
