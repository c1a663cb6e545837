using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.PyTorchFiles;
using Conjoint.Training;
using Conjoint.Training.Checkpoints;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Settings;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Runs;

/// <summary>What each stage learns, leaves alone and hands to the next.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class StageTests : IDisposable
{
    // So small that a weight of float32 does not move: a stage's first weights are then also its last.
    private const double Still = 1e-30;

    private readonly SmallRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void All_stages_run_on_ragged_volumes_single_slices_and_images(ClusteringMethod method)
    {
        var watcher = new Watcher();
        var run = _run.Run(SmallRun.Settings(method), "run", observer: watcher);

        var lines = MetricsReader.Read(run.Metrics);
        Assert.Equal(6, lines.Count(l => l.Stage == StageName.Slices));
        Assert.Equal(4, lines.Count(l => l.Stage == StageName.Masked));
        Assert.Equal(4, lines.Count(l => l.Stage == StageName.Volumes));
        Assert.All(lines, l =>
        {
            Assert.Empty(l.NonFinite);
            foreach (var key in (string[])["epoch", "step", "loss", "lr", "samples_per_second", "data_wait_fraction"])
                Assert.NotNull(l.Number(key));
            Assert.Equal(l.Stage != StageName.Masked, l.Has("ln_k"));
        });
        Assert.Equal([2L, 5L], lines.Where(l => l.Stage == StageName.Slices && l.Has("effective_rank")).Select(l => l.Integer("step")!.Value));
        Assert.All(lines.Where(l => l.Stage == StageName.Slices && l.Has("effective_rank")), l => Assert.InRange(l.Number("prototype_usage_entropy")!.Value, 0, 1));
        Assert.Equal(14, watcher.Steps.Count);
        Assert.All(StageName.All, stage => Assert.True(File.Exists(run.StageWeights(stage)), stage));
        Assert.Equal(File.ReadAllBytes(run.StageWeights(StageName.Volumes)), File.ReadAllBytes(run.Weights));
        foreach (var file in (string[])[run.Config, run.FindEvents()!, Path.Combine(run.ReportData, "prototypes_slices.json"), Path.Combine(run.ReportData, "run.json")])
            Assert.True(File.Exists(file), file);

        var card = WeightsFile.ReadCard(run.Weights);
        Assert.Equal(("tiny", SettingsText(method), StageName.Volumes), (card.Preset, card.Method, card.Stage));
        Assert.Equal(["films", "scans"], card.Data.Select(d => d.Dataset).Order());
        Assert.All(Tensors(run.Weights), t => Assert.True(IsFinite(t.Value), t.Key));
    }

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void Volumes_of_one_slice_and_batches_of_one_are_enough(ClusteringMethod method)
    {
        using var single = new SmallRun([1, 1, 1]);
        var settings = SmallRun.Settings(method);
        var one = new PrototypeSettings { Counts = [2] };
        var run = single.Run(
            settings with
            {
                Slices = settings.Slices with { Batch = 1, Prototypes = one },
                Masked = settings.Masked with { Batch = 1 },
                Volumes = settings.Volumes with { Batch = 1, Prototypes = one },
            },
            "run");
        Assert.All(Tensors(run.Weights), t => Assert.True(IsFinite(t.Value), t.Key));
    }

    [Fact]
    public void Images_alone_train_stage_slices_with_a_warning()
    {
        using var films = new SmallRun([], images: 8);
        var watcher = new Watcher();
        var run = films.Run(SmallRun.Settings(ClusteringMethod.Swav), "run", observer: watcher);
        Assert.Contains(watcher.Warnings, w => w.Contains("no volume", StringComparison.Ordinal));
        Assert.All(watcher.Steps, s => Assert.Equal(StageName.Slices, s.Stage));
        Assert.Equal(StageName.Slices, WeightsFile.ReadCard(run.Weights).Stage);
    }

    [Fact]
    public void Each_stage_begins_with_the_weights_of_the_one_before()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        var run = _run.Run(settings with { Volumes = settings.Volumes with { LearningRate = Still } }, "run");
        var masked = Tensors(run.StageWeights(StageName.Masked));
        var volumes = Tensors(run.StageWeights(StageName.Volumes));
        var shared = volumes.Keys.Where(name => IsParameter(name) && !name.StartsWith("prototypes", StringComparison.Ordinal)).ToList();
        Assert.Contains(shared, name => name.StartsWith("slice_encoder.", StringComparison.Ordinal));
        Assert.Contains(shared, name => name.StartsWith("volume_encoder.", StringComparison.Ordinal));
        Assert.All(shared, name => Assert.True(Same(masked[name], volumes[name]), name));

        // And a stage that learns moves them all.
        var moving = Tensors(_run.Run(settings, "moving").StageWeights(StageName.Volumes));
        Assert.False(Same(masked["slice_encoder.conv1.weight"], moving["slice_encoder.conv1.weight"]));
        Assert.Contains(shared, name => name.StartsWith("volume_encoder.", StringComparison.Ordinal) && !Same(masked[name], moving[name]));
    }

    [Fact]
    public void Stage_masked_leaves_the_slice_encoder_alone_to_its_running_statistics()
    {
        var run = _run.Run(SmallRun.Settings(ClusteringMethod.Swav), "run");
        var slices = Tensors(run.StageWeights(StageName.Slices));
        var masked = Tensors(run.StageWeights(StageName.Masked));
        var encoder = slices.Keys.Where(name => name.StartsWith("slice_encoder.", StringComparison.Ordinal)).ToList();
        Assert.Contains(encoder, name => name.EndsWith("running_mean", StringComparison.Ordinal));
        Assert.All(encoder, name => Assert.True(Same(slices[name], masked[name]), name));
        Assert.Contains("mask_token", masked.Keys);
        Assert.Contains("decoder.weight", masked.Keys);
    }

    [Fact]
    public void Without_stage_masked_volumes_go_on_from_slices()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        var run = _run.Run(
            settings with { Masked = settings.Masked with { Enabled = false }, Volumes = settings.Volumes with { LearningRate = Still } }, "run");
        Assert.False(File.Exists(run.StageWeights(StageName.Masked)));
        Assert.DoesNotContain(MetricsReader.Read(run.Metrics), l => l.Stage == StageName.Masked);
        AssertSameEncoder(run.StageWeights(StageName.Slices), run.StageWeights(StageName.Volumes));
    }

    [Fact]
    public void Without_stage_volumes_masked_is_the_last()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        var run = _run.Run(settings with { Volumes = settings.Volumes with { Enabled = false } }, "run");
        Assert.Equal(File.ReadAllBytes(run.StageWeights(StageName.Masked)), File.ReadAllBytes(run.Weights));
    }

    [Fact]
    public void A_stage_alone_starts_from_the_weights_that_are_named()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        var first = _run.Run(settings, "first", r => r with { Stage = StageName.Slices });
        Assert.Equal(StageName.Slices, WeightsFile.ReadCard(first.Weights).Stage);
        var still = settings with { Volumes = settings.Volumes with { LearningRate = Still } };
        var second = _run.Run(still, "second", r => r with { Stage = StageName.Volumes, Weights = first.Path });
        AssertSameEncoder(first.Weights, second.Weights);
        Assert.False(File.Exists(second.StageWeights(StageName.Slices)));

        var watcher = new Watcher();
        _run.Run(still, "third", r => r with { Stage = StageName.Volumes, Weights = "scratch" }, watcher);
        Assert.Contains(watcher.Warnings, w => w.Contains("random weights", StringComparison.Ordinal));
    }

    [Fact]
    public void Stage_slices_starts_from_a_checkpoint_of_PyTorch_and_tells_what_it_took()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        var first = _run.Run(settings, "first", r => r with { Stage = StageName.Slices });
        WeightsConversion.Convert(first.Weights, WeightsTarget.Torchvision, _run["first.pth"]);
        var watcher = new Watcher();
        var still = settings with { Slices = settings.Slices with { LearningRatePer256 = Still } };
        var second = _run.Run(still, "second", r => r with { Stage = StageName.Slices, Weights = _run["first.pth"] }, watcher);
        AssertSameEncoder(first.Weights, second.Weights);
        Assert.Contains(watcher.Lines, l => l.StartsWith("stage slices: slice_encoder from", StringComparison.Ordinal) && l.Contains("0 missing, 0 unexpected", StringComparison.Ordinal));
        Assert.Equal("Apache-2.0", WeightsFile.ReadCard(second.Weights).Licence);
    }

    [Fact]
    public void What_began_with_weights_of_unknown_terms_claims_none_in_any_stage()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        using (var encoder = new SliceEncoder(settings.SliceEncoder))
            PyTorchWriter.Write(_run["imagenet.pth"], encoder.state_dict());
        var run = _run.Run(settings, "run", r => r with { Weights = _run["imagenet.pth"] });
        Assert.All(StageName.All, stage => Assert.Equal("NOASSERTION", WeightsFile.ReadCard(run.StageWeights(stage)).Licence));
    }

    [Fact]
    public void A_run_of_one_stage_goes_on_to_the_others()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        var whole = _run.Run(settings, "whole");
        _run.Run(settings, "pieces", r => r with { Stage = StageName.Slices });
        SmallRun.AssertSame(whole, _run.Run(settings, "pieces", r => r with { Resume = true }));
    }

    [Fact]
    public void Weights_of_another_net_are_refused_before_anything_is_trained()
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        var first = _run.Run(settings, "first", r => r with { Stage = StageName.Slices });
        var wider = settings with { SliceEncoder = settings.SliceEncoder with { BaseWidth = 8 } };
        var error = Assert.Throws<InputDataException>(() => _run.Run(wider, "second", r => r with { Weights = first.Path }));
        Assert.Contains("shape", error.Message, StringComparison.Ordinal);
        Assert.Throws<InputDataException>(() => _run.Run(settings, "third", r => r with { Weights = _run["nothing"] }));
        Assert.False(Directory.Exists(_run["third"]));
    }

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(3, 4, false)]
    public void Prototypes_stand_still_for_the_first_steps(int freezeSteps, int steps, bool still)
    {
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        settings = settings with
        {
            Optimiser = settings.Optimiser with { WarmupFraction = 0 },
            Slices = settings.Slices with { Prototypes = settings.Slices.Prototypes with { FreezeSteps = freezeSteps } },
        };
        using var first = StateAfter(settings, 1, "first");
        using var later = StateAfter(settings, steps, "later");
        const string name = Checkpoint.NetPrefix + "prototypes.prototypes0.weight";
        Assert.Equal(still, first.Tensors[name].allclose(later.Tensors[name], rtol: 0, atol: 1e-6));
        Assert.False(first.Tensors[Checkpoint.NetPrefix + "head.0.weight"].allclose(later.Tensors[Checkpoint.NetPrefix + "head.0.weight"], rtol: 0, atol: 1e-6));
    }

    [Fact]
    public void Centroids_of_deepcluster_are_not_trained_within_an_epoch()
    {
        var settings = SmallRun.Settings(ClusteringMethod.DeepClusterV2);
        settings = settings with { Optimiser = settings.Optimiser with { WarmupFraction = 0 }, Slices = settings.Slices with { Prototypes = new PrototypeSettings { Counts = [4, 3], FreezeSteps = 0 } } };
        using var first = StateAfter(settings, 1, "first");
        using var last = StateAfter(settings, 3, "last");
        using var next = StateAfter(settings, 4, "next");
        const string name = Checkpoint.NetPrefix + "prototypes.prototypes1.weight";
        Assert.True(first.Tensors[name].allclose(last.Tensors[name], rtol: 0, atol: 1e-6));
        Assert.False(first.Tensors[name].allclose(next.Tensors[name], rtol: 0, atol: 1e-6));      // clustered anew
        Assert.True(first.Tensors["stage.targets"].equal(last.Tensors["stage.targets"]).all().item<bool>());
    }

    private static string SettingsText(ClusteringMethod method) => method == ClusteringMethod.Swav ? "swav" : "deepcluster-v2";

    /// <summary>The checkpoint of a run that is stopped after some steps.</summary>
    private Checkpoint StateAfter(PretrainSettings settings, int steps, string name)
    {
        using var stop = new CancellationTokenSource();
        var seen = 0;
        var watcher = new Watcher();
        watcher.Stepped += _ =>
        {
            if (++seen == steps)
                stop.Cancel();
        };
        Assert.Throws<OperationCanceledException>(() => Pretraining.Run(_run.Request(settings, name), watcher, stop.Token));
        return Checkpoint.Read(Path.Combine(_run[name], "checkpoints", "last.safetensors"));
    }

    private static void AssertSameEncoder(string expected, string found)
    {
        var (before, after) = (Tensors(expected), Tensors(found));
        var names = before.Keys.Where(n => n.StartsWith("slice_encoder.", StringComparison.Ordinal) && IsParameter(n)).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.True(Same(before[name], after[name]), name));
    }

    private static IReadOnlyDictionary<string, Tensor> Tensors(string path) => Safetensors.Read(path).Tensors;

    private static bool IsParameter(string name) =>
        !name.Contains("running_", StringComparison.Ordinal) && !name.Contains("num_batches", StringComparison.Ordinal);

    private static bool Same(Tensor a, Tensor b) => a.equal(b).all().item<bool>();

    private static bool IsFinite(Tensor tensor) => tensor.isfinite().all().item<bool>();
}
