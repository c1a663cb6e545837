using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Settings;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Runs;

/// <summary>The switches of Table 7 and the 2D term of stage volumes, each from stores to weights.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class AblationTests : IDisposable
{
    // So small that a weight of float32 does not move: a stage's first weights are then also its last.
    private const double Still = 1e-30;

    private readonly SmallRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void Without_masked_prediction_stage_volumes_starts_from_a_new_volume_encoder(ClusteringMethod method)
    {
        var settings = SmallRun.Settings(method);
        settings = settings with { Masked = settings.Masked with { Enabled = false }, Volumes = settings.Volumes with { LearningRate = Still } };
        var (watcher, run) = Run(settings, "run");
        Assert.Equal([StageName.Slices, StageName.Volumes], watcher.Steps.Select(s => s.Stage).Distinct());
        Assert.Equal([StageName.Slices, StageName.Volumes], Files(run));
        Assert.Contains(watcher.Lines, l => l.StartsWith($"stage volumes: slice_encoder from {run.StageWeights(StageName.Slices)}", StringComparison.Ordinal));
        var (before, after) = (Tensors(run.StageWeights(StageName.Slices)), Tensors(run.Weights));
        Assert.True(Same(before["slice_encoder.conv1.weight"], after["slice_encoder.conv1.weight"]));
        Assert.Contains("volume_encoder.embedding.weight", after.Keys);
        Assert.DoesNotContain("mask_token", after.Keys);
    }

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void Without_3D_clustering_the_weights_are_those_of_masked_prediction(ClusteringMethod method)
    {
        var settings = SmallRun.Settings(method);
        var (watcher, run) = Run(settings with { Volumes = settings.Volumes with { Enabled = false } }, "run");
        Assert.Equal([StageName.Slices, StageName.Masked], watcher.Steps.Select(s => s.Stage).Distinct());
        Assert.Equal([StageName.Slices, StageName.Masked], Files(run));
        Assert.Equal(File.ReadAllBytes(run.StageWeights(StageName.Masked)), File.ReadAllBytes(run.Weights));
        Assert.Equal(StageName.Masked, WeightsFile.ReadCard(run.Weights).Stage);
    }

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void Centred_embeddings_of_volumes_have_nothing_in_common(ClusteringMethod method)
    {
        var settings = SmallRun.Settings(method);
        settings = settings with { Volumes = settings.Volumes with { Batch = 4, Prototypes = settings.Volumes.Prototypes with { Counts = [2], QueueLength = 0 } } };
        double Spread(bool centre, string name) =>
            MetricsReader.Read(Run(settings with { Volumes = settings.Volumes with { Centre = centre } }, name).Run.Metrics).Last(l => l.Stage == StageName.Volumes && l.Has("embedding_std")).Number("embedding_std")!.Value;
        // Rows of mean 0 have all of their variance, 1; brought back to unit length, their mean is no longer quite 0.
        Assert.InRange(Spread(true, "centred"), 0.8, 1.0);
        Assert.InRange(Spread(false, "plain"), 0, 0.8);
        Assert.Contains(new VolumesSettings { Centre = true, Batch = 3 }.Problems(), p => p.Key == "centre");
    }

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void Without_multi_level_features_every_stage_sees_the_last_level_alone(ClusteringMethod method)
    {
        var settings = SmallRun.Settings(method);
        var last = settings with { SliceEncoder = settings.SliceEncoder with { FeatureLevels = FeatureLevels.Last } };
        var (_, run) = Run(last, "run");
        Assert.Equal(StageName.All, Files(run));
        foreach (var stage in (string[])[StageName.Masked, StageName.Volumes])
            Assert.Equal(32 * 4, Tensors(run.StageWeights(stage))["volume_encoder.embedding.weight"].shape[1]);
        Assert.Equal([32 * 4, 16], Tensors(run.StageWeights(StageName.Masked))["decoder.weight"].shape);
        Assert.Equal(61 * 4, Tensors(Run(settings, "full").Run.Weights)["volume_encoder.embedding.weight"].shape[1]);
        Assert.All(Tensors(run.Weights), t => Assert.True(t.Value.isfinite().all().item<bool>(), t.Key));
    }

    [Fact]
    public void Switches_combine()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        var (_, run) = Run(
            settings with
            {
                SliceEncoder = settings.SliceEncoder with { FeatureLevels = FeatureLevels.Last },
                Masked = settings.Masked with { Enabled = false },
                Volumes = settings.Volumes with { Enabled = false },
            },
            "run");
        Assert.Equal([StageName.Slices], Files(run));
    }

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void The_2D_term_goes_on_with_head_and_prototypes_of_stage_slices(ClusteringMethod method)
    {
        var settings = WithTerm(SmallRun.Settings(method), 0.5);
        var (watcher, still) = Run(settings with { Volumes = settings.Volumes with { LearningRate = Still } }, "still");
        Assert.Contains(watcher.Lines, l => l.StartsWith("stage volumes: projection head and slice prototypes of the 2D term from", StringComparison.Ordinal));
        var (before, after) = (Tensors(still.StageWeights(StageName.Slices)), Tensors(still.Weights));
        Assert.True(Same(before["head.0.weight"], after["head.0.weight"]));
        // Every step begins by bringing them to unit length; DeepCluster-v2 puts centroids in their place before the first.
        if (method == ClusteringMethod.Swav)
            Assert.True(nn.functional.normalize(before["prototypes.prototypes0.weight"], dim: 1).allclose(after["slice_prototypes.prototypes0.weight"], rtol: 0, atol: 1e-6));

        // And where it learns, the head moves with the rest.
        var moving = Tensors(Run(settings, "moving").Run.Weights);
        Assert.False(Same(before["head.0.weight"], moving["head.0.weight"]));
        Assert.False(Same(before["slice_encoder.conv1.weight"], moving["slice_encoder.conv1.weight"]));
        Assert.All(moving, t => Assert.True(t.Value.isfinite().all().item<bool>(), t.Key));
    }

    [Fact]
    public void The_2D_term_is_added_with_its_weight_and_changes_nothing_else_of_a_step()
    {
        // Without dropout: more nets draw more first weights, and other masks after them.
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        settings = settings with { VolumeEncoder = settings.VolumeEncoder with { Dropout = 0 } };
        double First(double weight)
        {
            var name = FormattableString.Invariant($"weight{weight}");
            var run = Run(weight == 0 ? settings : WithTerm(settings, weight), name).Run;
            var line = MetricsReader.Read(run.Metrics).First(l => l.Stage == StageName.Volumes);
            Assert.Equal(Math.Log(3) + weight * Math.Log(4), line.Number("ln_k")!.Value, 5);
            return line.Number("loss")!.Value;
        }

        // The first step of all three has the same nets, views and volumes: what is above Eq. (12) is weight times Eq. (5).
        var (without, once, twice) = (First(0), First(1), First(2));
        Assert.True(once - without > 0.1);
        Assert.Equal(2 * (once - without), twice - without, 1e-4);
    }

    [Fact]
    public void Without_weights_of_stage_slices_the_2D_term_starts_at_random_and_says_so()
    {
        var settings = WithTerm(SmallRun.Settings(ClusteringMethod.Swav), 1);
        var watcher = new Watcher();
        _run.Run(settings, "scratch", r => r with { Stage = StageName.Volumes, Weights = "scratch" }, watcher);
        Assert.Contains(watcher.Warnings, w => w.Contains("there are no weights of stage slices", StringComparison.Ordinal));

        // Another run's stage volumes with the term has all that is needed.
        var first = Run(settings, "first").Run;
        var again = new Watcher();
        _run.Run(settings, "again", r => r with { Stage = StageName.Volumes, Weights = first.Path }, again);
        Assert.Contains(again.Lines, l => l.Contains("2D term from", StringComparison.Ordinal));

        var wider = settings with { Slices = settings.Slices with { EmbeddingWidth = 12 } };
        var other = new Watcher();
        _run.Run(wider, "wider", r => r with { Stage = StageName.Volumes, Weights = first.Path }, other);
        Assert.Contains(other.Warnings, w => w.Contains("has none of these sizes", StringComparison.Ordinal));
    }

    [Fact]
    public void Too_many_prototypes_for_the_2D_term_are_told_before_anything_is_written()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        settings = settings with
        {
            Slices = settings.Slices with { Prototypes = settings.Slices.Prototypes with { Counts = [9] } },
            Volumes = settings.Volumes with { SliceTerm = new SliceTermSettings { Weight = 1, SlicesPerVolume = 2 } },
        };
        var error = Assert.Throws<ConfigurationException>(() => _run.Run(settings, "run"));
        Assert.StartsWith("slices.prototypes.counts: 9 prototypes for 8 samples in the 2D term of stage volumes;", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_run["run"]));
    }

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void With_2D_term_chunks_ramp_and_chosen_crops_a_run_that_is_stopped_again_and_again_has_the_same_bits(ClusteringMethod method)
    {
        var settings = Everything(method);
        var whole = Run(settings, "whole").Run;
        for (var attempt = 0; ; attempt++)
        {
            Assert.InRange(attempt, 0, 20);
            using var stop = new CancellationTokenSource();
            var seen = 0;
            var watcher = new Watcher(_ =>
            {
                if (++seen == 2)
                    stop.Cancel();
            });
            try
            {
                Pretraining.Run(_run.Request(settings, "pieces") with { Resume = true }, watcher, stop.Token);
                break;
            }
            catch (OperationCanceledException)
            {
            }
        }

        SmallRun.AssertSame(whole, new RunFolder(_run["pieces"]));
    }

    /// <summary>Every option of this page at once.</summary>
    internal static PretrainSettings Everything(ClusteringMethod method)
    {
        var settings = WithTerm(SmallRun.Settings(method), 0.5);
        return settings with
        {
            Slices = settings.Slices with { Chunk = 5, AssignedCrops = [1, 0], Prototypes = settings.Slices.Prototypes with { QueueRampSteps = 3, QueueStartStep = 1 } },
            Masked = settings.Masked with { Chunk = 3 },
            Volumes = settings.Volumes with { Chunk = 4 },
        };
    }

    private static PretrainSettings WithTerm(PretrainSettings settings, double weight) =>
        settings with { Volumes = settings.Volumes with { SliceTerm = new SliceTermSettings { Weight = weight, SlicesPerVolume = 3 } } };

    private (Watcher Watcher, RunFolder Run) Run(PretrainSettings settings, string name)
    {
        var watcher = new Watcher();
        return (watcher, _run.Run(settings, name, observer: watcher));
    }

    private static List<string> Files(RunFolder run) => [.. StageName.All.Where(s => File.Exists(run.StageWeights(s)))];

    private static IReadOnlyDictionary<string, Tensor> Tensors(string path) => Safetensors.Read(path).Tensors;

    private static bool Same(Tensor a, Tensor b) => a.equal(b).all().item<bool>();
}
