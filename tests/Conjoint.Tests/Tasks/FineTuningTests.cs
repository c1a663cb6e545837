using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Runtime.PyTorchFiles;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;
using Conjoint.TestSupport;
using Conjoint.Training.Monitoring;

namespace Conjoint.Tests.Tasks;

[Collection(GlobalGenerator.Name)]
public sealed class FineTuningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static readonly SegmentationSettings s_tiny = new()
    {
        Seed = 7,
        Batch = 6,
        Steps = 60,
        LearningRate = 0.1,
        Validations = 3,
        Encoder = new SliceEncoderSettings { BaseWidth = 4, Blocks = [1, 1, 1, 1] },
        Input = new InputNormalisation { Size = 32, Mean = 0.3, Std = 0.3 },
        Augmentation = SliceAugmentationSettings.None,
        Device = "cpu",
        Workers = 1,
        CheckpointSeconds = 1000,
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_learns_a_case_by_heart()
    {
        using var store = Store([new("a", "a", Split.Train), new("b", "a", Split.Test)], slices: 4);
        // The test case is the training case under another name, so that its score says what was learned.
        File.Copy(_folder["store/cases/a/image.npy"], _folder["store/cases/b/image.npy"], overwrite: true);
        File.Copy(_folder["store/cases/a/mask.npy"], _folder["store/cases/b/mask.npy"], overwrite: true);
        var result = Run(store, s_tiny with { Steps = 80, Batch = 4 }, "run");
        Assert.InRange(result.Summary.Dice.Mean, 0.9, 1);
        Assert.Equal([2, 5], result.Test[0].Classes.Select(c => c.Label));
    }

    [Fact]
    public void The_run_folder_holds_what_the_layout_promises()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 2, Split.Train), .. SyntheticStore.Subjects("v", 1, Split.Validation), .. SyntheticStore.Subjects("t", 2, Split.Test)]);
        var result = Run(store, s_tiny with { Steps = 6 }, "run");
        foreach (var name in new[] { "config.yaml", "metrics.jsonl", "weights.safetensors", "checkpoints/finetune.safetensors", "report/overlays.json", "report/data.json", "report/run.json" })
            Assert.True(File.Exists(_folder[$"run/{name}"]), name);

        var lines = MetricsReader.Read(_folder["run/metrics.jsonl"]);
        Assert.Equal(6, lines.Count(l => l.Has("loss")));
        Assert.Equal(3, lines.Count(l => l.Stage == "finetune" && l.Text("split") == "val"));
        Assert.Equal(["t0", "t1"], lines.Where(l => l.Stage == "test" && l.Has("case")).Select(l => l.Text("case")));
        var summary = Assert.Single(lines, l => l.Flag("summary"));
        Assert.Equal(result.Summary.Dice.Mean, summary.Number("dice"));
        Assert.Equal(2, summary.Integer("cases"));
        Assert.True(summary.Has("dice_class_2") && summary.Has("iou_class_5") && summary.Has("hd95_mm"));

        var card = WeightsFile.ReadCard(_folder["run/weights.safetensors"]);
        Assert.Equal(("segment", "finetune", "scratch"), (card.Task, card.Stage, card.Method));
        Assert.Equal(32, card.Input.Size);
    }

    [Fact]
    public void A_cosine_takes_the_rate_down_to_nothing()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 2, Split.Train), .. SyntheticStore.Subjects("t", 1, Split.Test)]);
        Run(store, s_tiny with { Steps = 4, LearningRate = 0.1, RateSchedule = RateSchedule.Cosine }, "run");
        var rates = MetricsReader.Read(_folder["run/metrics.jsonl"]).Where(l => l.Has("loss")).Select(l => l.Number("lr")!.Value);
        double[] expected = [.. Enumerable.Range(0, 4).Select(i => 0.05 * (1 + Math.Cos(Math.PI * i / 4)))];
        Assert.Equal(expected, rates, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    /// <summary>Two runs alike in all but the schedule: after as many steps as are frozen the encoder is the one that came, and one step later it is not.</summary>
    [Fact]
    public void A_pre_trained_encoder_rests_for_as_many_steps_as_are_frozen()
    {
        TinyModel.WriteJoint(_folder["pretrained.safetensors"]);
        using var store = Store([.. SyntheticStore.Subjects("a", 2, Split.Train), .. SyntheticStore.Subjects("t", 1, Split.Test)]);
        foreach (var (steps, name) in new[] { (3, "frozen"), (4, "thawed") })
            new SegmentationFineTuning(s_tiny with { Steps = steps, FrozenSteps = 3 }).Run(store, _folder["pretrained.safetensors"], _folder[name], cancellation: TestContext.Current.CancellationToken);

        using var came = WeightsFile.Read(_folder["pretrained.safetensors"]);
        using var frozen = WeightsFile.Read(_folder["frozen/weights.safetensors"]);
        using var thawed = WeightsFile.Read(_folder["thawed/weights.safetensors"]);
        string[] encoder = [.. came.Tensors.Keys.Where(k => k.StartsWith("slice_encoder.", StringComparison.Ordinal) && (k.EndsWith("weight", StringComparison.Ordinal) || k.EndsWith("bias", StringComparison.Ordinal)))];
        bool Same(WeightsFile before, WeightsFile after, string key)
        {
            var name = after.Tensors.Keys.Single(k => k.EndsWith("encoder." + key["slice_encoder.".Length..], StringComparison.Ordinal));
            return before.Tensors[key].data<float>().SequenceEqual(after.Tensors[name].data<float>());
        }
        Assert.NotEmpty(encoder);
        Assert.All(encoder, key => Assert.True(Same(came, frozen, key), key));
        Assert.Contains(encoder, key => !Same(came, thawed, key));
    }

    [Theory]
    [InlineData(3, RateSchedule.Constant)]
    [InlineData(11, RateSchedule.Cosine)]
    public void A_run_that_is_stopped_at_every_few_steps_gives_the_bits_of_one_that_is_not(int stopEvery, RateSchedule schedule)
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 3, Split.Train), .. SyntheticStore.Subjects("v", 2, Split.Validation), .. SyntheticStore.Subjects("t", 2, Split.Test)]);
        var settings = s_tiny with { Steps = 12, LearningRate = null, RateSchedule = schedule, Augmentation = new SliceAugmentationSettings() };
        var whole = Run(store, settings, "whole");

        SegmentationResult? pieces = null;
        for (var attempts = 0; pieces is null; attempts++)
        {
            Assert.InRange(attempts, 0, 40);
            using var stop = new CancellationTokenSource();
            try
            {
                pieces = new SegmentationFineTuning(settings).Run(
                    store, "scratch", _folder["pieces"], resume: true, new StoppingObserver(stop, stopEvery), stop.Token);
            }
            catch (OperationCanceledException)
            {
                // Goes on in the next attempt.
            }
        }

        Assert.Equal(File.ReadAllBytes(_folder["whole/weights.safetensors"]), File.ReadAllBytes(_folder["pieces/weights.safetensors"]));
        Assert.Equal(RunMetricsText.WithoutTimes(_folder["whole"]), RunMetricsText.WithoutTimes(_folder["pieces"]));
        Assert.Equal(whole.Summary.Dice, pieces.Summary.Dice);
        Assert.Equal(whole.LearningRate, pieces.LearningRate);
    }

    [Fact]
    public void A_killed_run_goes_on_from_its_checkpoint_with_the_same_bits()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 3, Split.Train), .. SyntheticStore.Subjects("v", 2, Split.Validation), .. SyntheticStore.Subjects("t", 1, Split.Test)]);
        var settings = s_tiny with { Steps = 9 };
        Run(store, settings, "whole");
        // A checkpoint at each step, and an end that writes none: what SIGKILL leaves behind.
        var often = settings with { CheckpointSeconds = 0 };
        Assert.Throws<InvalidOperationException>(() =>
            new SegmentationFineTuning(often).Run(store, "scratch", _folder["killed"], false, new DyingObserver(5), TestContext.Current.CancellationToken));
        var observer = new DyingObserver(int.MaxValue);
        new SegmentationFineTuning(settings).Run(store, "scratch", _folder["killed"], true, observer, TestContext.Current.CancellationToken);
        Assert.Equal(5, observer.FirstStep); // steps 1 to 4 were safe
        Assert.Equal(File.ReadAllBytes(_folder["whole/weights.safetensors"]), File.ReadAllBytes(_folder["killed/weights.safetensors"]));
        Assert.Equal(RunMetricsText.WithoutTimes(_folder["whole"]), RunMetricsText.WithoutTimes(_folder["killed"]));
    }

    [Fact]
    public void A_finished_run_is_not_done_again()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 1, Split.Train), .. SyntheticStore.Subjects("t", 1, Split.Test)]);
        var first = Run(store, s_tiny with { Steps = 2 }, "run");
        var metrics = File.ReadAllText(_folder["run/metrics.jsonl"]);
        var again = Run(store, s_tiny with { Steps = 2 }, "run", resume: true);
        Assert.Equal(first.Summary.Dice, again.Summary.Dice);
        Assert.Equal(metrics, File.ReadAllText(_folder["run/metrics.jsonl"]));
    }

    [Fact]
    public void A_folder_with_another_run_is_refused()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 1, Split.Train)]);
        Run(store, s_tiny with { Steps = 1 }, "run");
        Assert.Contains("--resume", Assert.Throws<ConfigurationException>(() => Run(store, s_tiny with { Steps = 1 }, "run")).Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => Run(store, s_tiny with { Steps = 2 }, "run", resume: true));
    }

    [Fact]
    public void Workers_change_no_bit()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 3, Split.Train)]);
        var settings = s_tiny with { Steps = 5, Augmentation = new SliceAugmentationSettings() };
        Run(store, settings with { Workers = 1 }, "one");
        Run(store, settings with { Workers = 4 }, "four");
        Assert.Equal(File.ReadAllBytes(_folder["one/weights.safetensors"]), File.ReadAllBytes(_folder["four/weights.safetensors"]));
    }

    [Fact]
    public void The_rate_is_chosen_on_validation()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 2, Split.Train), .. SyntheticStore.Subjects("v", 1, Split.Validation)]);
        var result = Run(store, s_tiny with { LearningRate = null, LearningRates = [1e-6, 0.1], Steps = 30 }, "run");
        Assert.Equal(0.1, result.LearningRate);
        var best = MetricsReader.Read(_folder["run/metrics.jsonl"]).Where(l => l.Text("split") == "val").Max(l => l.Number("dice"));
        Assert.Equal(best, result.ValidationDice);
    }

    [Fact]
    public void Patience_stops_a_run_that_gets_no_better()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 2, Split.Train), .. SyntheticStore.Subjects("v", 1, Split.Validation)]);
        Run(store, s_tiny with { LearningRate = 1e-12, Steps = 40, Validations = 20, Patience = 2 }, "run");
        Assert.InRange(MetricsReader.Read(_folder["run/metrics.jsonl"]).Count(l => l.Has("loss")), 4, 20);
    }

    [Fact]
    public void A_rate_that_makes_the_loss_infinite_ends_the_run_as_diverged()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 2, Split.Train)]);
        var settings = s_tiny with { LearningRate = 1e38, GradientClip = null, Steps = 100 };
        Assert.Throws<TrainingDivergedException>(() => Run(store, settings, "run"));
    }

    [Fact]
    public void Pretrained_weights_are_taken_by_name_and_scratch_starts_elsewhere()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 1, Split.Train), .. SyntheticStore.Subjects("t", 1, Split.Test)]);
        Run(store, s_tiny with { Steps = 3 }, "first");
        var log = new LogObserver();
        new SegmentationFineTuning(s_tiny with { Steps = 1, LearningRate = 1e-12, Input = null, Encoder = new SliceEncoderSettings() })
            .Run(store, _folder["first"], _folder["second"], false, log, TestContext.Current.CancellationToken);
        Assert.Contains(log.Lines, l => l.Contains("100.0 % of the encoder", StringComparison.Ordinal) || l.Contains("100.0% of the encoder", StringComparison.Ordinal));
        using var before = WeightsFile.Read(_folder["first/weights.safetensors"]);
        using var after = WeightsFile.Read(_folder["second/weights.safetensors"]);
        Assert.Equal(32, after.Card.Input.Size);
        Assert.Equal(4, after.Card.Net<SliceEncoderSettings>("slice_encoder")!.BaseWidth);
        Assert.True(before.Tensors["encoder.layer3.0.conv2.weight"].allclose(after.Tensors["encoder.layer3.0.conv2.weight"]));
        Assert.False(before.Tensors["segmentation_head.0.weight"].allclose(after.Tensors["segmentation_head.0.weight"]));
    }

    [Fact]
    public void A_checkpoint_of_PyTorch_is_taken_by_name()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 1, Split.Train)]);
        using var encoder = new SliceEncoder(s_tiny.Encoder);
        PyTorchWriter.Write(_folder["imagenet.pth"], encoder.state_dict().Select(t => KeyValuePair.Create("module." + t.Key, t.Value)));
        var log = new LogObserver();
        new SegmentationFineTuning(s_tiny with { Steps = 1, LearningRate = 1e-12, Validations = 0 })
            .Run(store, _folder["imagenet.pth"], _folder["run"], false, log, TestContext.Current.CancellationToken);
        Assert.Contains(log.Lines, l => l.StartsWith("encoder: ", StringComparison.Ordinal) && l.Contains("from 'module.…', 0 missing", StringComparison.Ordinal));
        using var after = WeightsFile.Read(_folder["run/weights.safetensors"]);
        Assert.True(encoder.state_dict()["layer3.0.conv2.weight"].allclose(after.Tensors["encoder.layer3.0.conv2.weight"]));
        // Nobody has stated the terms of the weights that it began with.
        Assert.Equal("NOASSERTION", after.Card.Licence);
    }

    [Fact]
    public void Weights_of_another_net_are_refused_with_the_tensor_that_does_not_fit()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 1, Split.Train)]);
        using var encoder = new SliceEncoder(new SliceEncoderSettings { BaseWidth = 8, Blocks = [1, 1, 1, 1] });
        Safetensors.Write(_folder["other.safetensors"], encoder.state_dict());
        var error = Assert.Throws<InputDataException>(() =>
            new SegmentationFineTuning(s_tiny).Run(store, _folder["other.safetensors"], _folder["run"], cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("conv1.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("90", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever the store's splits and the settings' labels say.</summary>
    [Fact]
    public void Named_cases_are_learned_from_and_scored_on()
    {
        using var store = Store([.. SyntheticStore.Subjects("a", 4, Split.Train), .. SyntheticStore.Subjects("t", 2, Split.Test)]);
        var split = new LabelledSplit([store.Cases[2]], [store.Cases[3], store.Cases[0]]);
        var result = new SegmentationFineTuning(s_tiny with { Steps = 2, Validations = 0, LearningRate = 0.01 }, split)
            .Run(store, "scratch", _folder["named"], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((1, store.Cases[2].Slices), (result.TrainSubjects, result.TrainSlices));
        Assert.Equal([store.Cases[0].Id, store.Cases[3].Id], result.Test.Select(t => t.Case));
    }

    [Fact]
    public void A_store_without_masks_is_refused()
    {
        using var store = Store([new("a", "a", Split.Train, HasMask: false)]);
        Assert.Throws<InputDataException>(() => Run(store, s_tiny, "run"));
    }

    private PreparedStore Store(IEnumerable<SyntheticStore.Item> items, int slices = 6) => SyntheticStore.Write(_folder["store"], items, slices);

    private SegmentationResult Run(PreparedStore store, SegmentationSettings settings, string name, bool resume = false) =>
        new SegmentationFineTuning(settings).Run(store, "scratch", _folder[name], resume, cancellation: TestContext.Current.CancellationToken);
}
