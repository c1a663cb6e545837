using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.FineTuning;
using Conjoint.TestSupport;
using Conjoint.Training.Monitoring;

namespace Conjoint.Tests.Tasks;

[Collection(GlobalGenerator.Name)]
public sealed class ClassificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal static readonly ClassificationSettings Tiny = new()
    {
        Seed = 7,
        Batch = 4,
        Steps = 12,
        LearningRate = 0.05,
        Validations = 3,
        Encoder = TinyModel.Encoder,
        VolumeEncoder = new VolumeEncoderSettings { Width = 16, Layers = 1, Heads = 2, HeadWidth = 8, HiddenWidth = 20, PositionTable = 8 },
        HiddenWidth = 12,
        MaxSlices = 4,
        Input = TinyModel.Input,
        Augmentation = SliceAugmentationSettings.None,
        Device = "cpu",
        Workers = 1,
        CheckpointSeconds = 1000,
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_learns_which_volumes_are_of_which_class()
    {
        using var store = ClassStore.Write(_folder["store"], [.. Train(8), .. Validation(4), .. ClassStore.Items("t", 8, Split.Test)]);
        var result = Run(store, Tiny with { Steps = 100, LearningRate = 0.1 }, "run");
        Assert.Equal((1, 1), (result.Summary.Auc, result.Summary.Accuracy));
        Assert.Equal(["benign", "malign"], result.Classes);
        Assert.All(result.Test, c => Assert.Equal(1, c.Probabilities.Sum(), 12));
    }

    [Fact]
    public void Images_are_volumes_of_one_slice_and_there_may_be_three_classes()
    {
        using var store = ClassStore.Write(
            _folder["store"],
            [.. ClassStore.Items("a", 9, Split.Train, 3, CaseKind.Image), .. ClassStore.Items("v", 6, Split.Validation, 3, CaseKind.Image), .. ClassStore.Items("t", 9, Split.Test, 3, CaseKind.Image)],
            ["none", "small", "large"]);
        var result = Run(store, Tiny with { Steps = 300, Batch = 6, LearningRate = 0.1 }, "run");
        Assert.InRange(result.Summary.Auc, 0.9, 1);
        Assert.True(double.IsNaN(result.Summary.AucLow));
        Assert.Empty(result.Summary.Sensitivities);
        Assert.Equal([3, 3, 3], result.Summary.Classes.Select(c => c.Cases));
    }

    [Fact]
    public void The_run_folder_holds_scores_from_which_the_area_can_be_counted()
    {
        using var store = ClassStore.Write(_folder["store"], [.. Train(6), .. Validation(4), .. ClassStore.Items("t", 7, Split.Test)]);
        var result = Run(store, Tiny, "run");
        foreach (var name in new[] { "config.yaml", "metrics.jsonl", "weights.safetensors", "checkpoints/finetune.safetensors", "report/data.json", "report/run.json" })
            Assert.True(File.Exists(_folder[$"run/{name}"]), name);

        var lines = MetricsReader.Read(_folder["run/metrics.jsonl"]);
        Assert.Equal(12, lines.Count(l => l.Has("loss")));
        Assert.Equal(3, lines.Count(l => l.Stage == "finetune" && l.Text("split") == "val" && l.Has("auc") && l.Integer("cases") == 4));
        var cases = lines.Where(l => l.Stage == "test" && l.Has("case")).ToList();
        Assert.Equal(["t0", "t1", "t2", "t3", "t4", "t5", "t6"], cases.Select(l => l.Text("case")));
        Assert.Equal([0, 1, 0, 1, 0, 1, 0], cases.Select(l => l.Integer("truth")));

        // How often a positive case scores above a negative one, pair by pair.
        double won = 0, pairs = 0;
        foreach (var positive in cases.Where(l => l.Integer("truth") == 1))
        {
            foreach (var negative in cases.Where(l => l.Integer("truth") == 0))
            {
                var difference = positive.Number("probability_class_1")!.Value - negative.Number("probability_class_1")!.Value;
                won += difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
                pairs++;
            }
        }

        var summary = Assert.Single(lines, l => l.Flag("summary"));
        Assert.Equal(won / pairs, summary.Number("auc")!.Value, 12);
        Assert.Equal(cases.Count(l => l.Integer("truth") == l.Integer("predicted")) / 7.0, summary.Number("accuracy")!.Value, 12);
        Assert.Equal(result.Summary.Auc, summary.Number("auc"));
        Assert.InRange(summary.Number("auc")!.Value, summary.Number("auc_low")!.Value, summary.Number("auc_high")!.Value);
        Assert.True(summary.Has("sensitivity_at_specificity_0_9") && summary.Has("sensitivity_at_specificity_0_95"));

        var card = WeightsFile.ReadCard(_folder["run/weights.safetensors"]);
        Assert.Equal(("classify", "finetune", "scratch"), (card.Task, card.Stage, card.Method));
        Assert.Equal(["benign", "malign"], card.Net<ClassifierSettings>(ClassifierSettings.CardName)!.Classes);
    }

    /// <summary>The best figure of all validations is that of the weights that are kept: they give it again.</summary>
    [Fact]
    public void Rate_and_step_are_chosen_by_the_area_on_validation()
    {
        using var store = ClassStore.Write(_folder["store"], [.. Train(6), .. Validation(6)]);
        var result = Run(store, Tiny with { LearningRate = null, LearningRates = [1e-6, 0.05], Steps = 40 }, "run");
        var best = MetricsReader.Read(_folder["run/metrics.jsonl"]).Where(l => l.Text("split") == "val").Max(l => l.Number("auc"));
        Assert.Equal(best, result.ValidationAuc);
        var again = ClassificationEvaluation.Run(_folder["run"], store, Split.Validation, "cpu", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(best, again.Summary.Auc);
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(11, 5)]
    public void A_run_that_is_stopped_at_every_few_steps_gives_the_bits_of_one_that_is_not(int stopEvery, int? chunk)
    {
        using var store = ClassStore.Write(_folder["store"], [.. Train(6), .. Validation(4), .. ClassStore.Items("t", 4, Split.Test)]);
        var settings = Tiny with { LearningRate = null, Chunk = chunk, Balance = ClassBalance.Sampling, Augmentation = new SliceAugmentationSettings(), Dropout = 0.5 };
        var whole = Run(store, settings, "whole");

        ClassificationResult? pieces = null;
        for (var attempts = 0; pieces is null; attempts++)
        {
            Assert.InRange(attempts, 0, 40);
            using var stop = new CancellationTokenSource();
            try
            {
                pieces = new ClassificationFineTuning(settings).Run(store, "scratch", _folder["pieces"], resume: true, new StoppingObserver(stop, stopEvery), stop.Token);
            }
            catch (OperationCanceledException)
            {
                // Goes on in the next attempt.
            }
        }

        Assert.Equal(File.ReadAllBytes(_folder["whole/weights.safetensors"]), File.ReadAllBytes(_folder["pieces/weights.safetensors"]));
        Assert.Equal(RunMetricsText.WithoutTimes(_folder["whole"]), RunMetricsText.WithoutTimes(_folder["pieces"]));
        Assert.Equal(whole.Summary.Auc, pieces.Summary.Auc);
    }

    [Fact]
    public void A_killed_run_goes_on_from_its_checkpoint_with_the_same_bits()
    {
        using var store = ClassStore.Write(_folder["store"], [.. Train(6), .. Validation(2), .. ClassStore.Items("t", 2, Split.Test)]);
        Run(store, Tiny, "whole");
        Assert.Throws<InvalidOperationException>(() => new ClassificationFineTuning(Tiny with { CheckpointSeconds = 0 })
            .Run(store, "scratch", _folder["killed"], false, new DyingObserver(5), TestContext.Current.CancellationToken));
        var observer = new DyingObserver(int.MaxValue);
        new ClassificationFineTuning(Tiny).Run(store, "scratch", _folder["killed"], true, observer, TestContext.Current.CancellationToken);
        Assert.Equal(5, observer.FirstStep); // steps 1 to 4 were safe
        Assert.Equal(File.ReadAllBytes(_folder["whole/weights.safetensors"]), File.ReadAllBytes(_folder["killed/weights.safetensors"]));
        Assert.Equal(RunMetricsText.WithoutTimes(_folder["whole"]), RunMetricsText.WithoutTimes(_folder["killed"]));
    }

    [Fact]
    public void Workers_change_no_bit()
    {
        using var store = ClassStore.Write(_folder["store"], Train(6));
        var settings = Tiny with { Steps = 5, Augmentation = new SliceAugmentationSettings() };
        Run(store, settings with { Workers = 1 }, "one");
        Run(store, settings with { Workers = 4 }, "four");
        Assert.Equal(File.ReadAllBytes(_folder["one/weights.safetensors"]), File.ReadAllBytes(_folder["four/weights.safetensors"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_encoders_are_taken_from_pre_trained_weights_where_they_have_both(bool hasBoth)
    {
        using var store = ClassStore.Write(_folder["store"], Train(4));
        TinyModel.WriteJoint(_folder["joint.safetensors"], hasBoth);
        var log = new LogObserver();
        // Frozen: what was pre-trained comes out as it went in. What is new learns.
        new ClassificationFineTuning(Tiny with { Steps = 3, EncoderRate = 0, Input = null })
            .Run(store, _folder["joint.safetensors"], _folder["run"], false, log, TestContext.Current.CancellationToken);
        using var before = WeightsFile.Read(_folder["joint.safetensors"]);
        using var after = WeightsFile.Read(_folder["run/weights.safetensors"]);
        Assert.True(before.Tensors["slice_encoder.layer3.0.conv2.weight"].equal(after.Tensors["slice_encoder.layer3.0.conv2.weight"]).all().item<bool>());
        Assert.Contains(log.Lines, l => l.StartsWith("slice encoder: ", StringComparison.Ordinal) && l.Contains(" 0 missing", StringComparison.Ordinal));
        if (hasBoth)
        {
            Assert.True(before.Tensors["volume_encoder.embedding.weight"].equal(after.Tensors["volume_encoder.embedding.weight"]).all().item<bool>());
            return;
        }

        Assert.Contains("volume encoder: random first weights", log.Lines);
        Run(store, Tiny with { Steps = 1, LearningRate = 1e-12, EncoderRate = 0 }, "untouched");
        using var untouched = WeightsFile.Read(_folder["untouched/weights.safetensors"]);
        Assert.False(untouched.Tensors["volume_encoder.embedding.weight"].allclose(after.Tensors["volume_encoder.embedding.weight"]));
    }

    [Fact]
    public void Named_cases_are_learned_from_and_scored_on()
    {
        using var store = ClassStore.Write(_folder["store"], [.. Train(6), .. ClassStore.Items("t", 2, Split.Test)]);
        var split = new LabelledSplit([store.Cases[0], store.Cases[3]], [store.Cases[5], store.Cases[1]]);
        var result = new ClassificationFineTuning(Tiny with { Steps = 2, Validations = 0, LearningRate = 0.01 }, split)
            .Run(store, "scratch", _folder["named"], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(2, result.TrainCases);
        Assert.Equal([store.Cases[1].Id, store.Cases[5].Id], result.Test.Select(t => t.Case));
    }

    [Fact]
    public void The_class_that_is_looked_for_can_be_named()
    {
        using var store = ClassStore.Write(_folder["store"], [.. Train(4), .. ClassStore.Items("t", 5, Split.Test)]);
        var second = Run(store, Tiny with { Steps = 2, Specificities = [0.5] }, "second");
        var first = Run(store, Tiny with { Steps = 2, Specificities = [0.5], Positive = "benign" }, "first");
        Assert.Equal(second.Summary.Auc, first.Summary.Auc, 12); // the probabilities of two classes mirror each other
        Assert.Equal(0, WeightsFile.ReadCard(_folder["first/weights.safetensors"]).Net<ClassifierSettings>(ClassifierSettings.CardName)!.Positive);
        Assert.Contains("benign, malign", Assert.Throws<ConfigurationException>(() => Run(store, Tiny with { Positive = "evil" }, "none")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_cannot_teach_classes_is_refused_with_the_reason()
    {
        using var none = ClassStore.Write(_folder["none"], [new("a", null, Split.Train), new("b", null, Split.Test)]);
        Assert.Contains("no case of the training split has a class", Assert.Throws<InputDataException>(() => Run(none, Tiny, "run")).Message, StringComparison.Ordinal);
        using var one = ClassStore.Write(_folder["one"], [new("a", 1, Split.Train), new("b", 1, Split.Test)]);
        Assert.Contains("every labelled case is of class 'malign'", Assert.Throws<InputDataException>(() => Run(one, Tiny, "run")).Message, StringComparison.Ordinal);
        using var split = ClassStore.Write(_folder["split"], [new("a", 1, Split.Train), new("b", 0, Split.Test)]);
        Assert.Contains("training split is of class 'malign'", Assert.Throws<InputDataException>(() => Run(split, Tiny, "run")).Message, StringComparison.Ordinal);

        using var two = ClassStore.Write(_folder["two"], Train(6));
        Assert.Contains("are all of class", Assert.Throws<ConfigurationException>(() => Run(two, Tiny with { Labels = "1" }, "run")).Message, StringComparison.Ordinal);
        Assert.Contains("at most that many", Assert.Throws<ConfigurationException>(() => Run(two, Tiny with { Labels = "7" }, "run")).Message, StringComparison.Ordinal);
        using var several = ClassStore.Write(_folder["several"], [.. Train(4), new("z", 0, Split.Train, Dataset: "others")]);
        Assert.Contains("discs, others", Assert.Throws<ConfigurationException>(() => Run(several, Tiny, "run")).Message, StringComparison.Ordinal);
        using var nameless = ClassStore.Write(_folder["nameless"], Train(4), classNames: ["benign"]);
        Assert.Contains("1 class names", Assert.Throws<InputDataException>(() => Run(nameless, Tiny, "run")).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public void Validation_cases_of_one_class_choose_nothing()
    {
        using var store = ClassStore.Write(_folder["store"], [.. Train(4), new("v", 1, Split.Validation)]);
        var log = new LogObserver();
        var result = new ClassificationFineTuning(Tiny with { Steps = 2, LearningRate = null })
            .Run(store, "scratch", _folder["run"], false, log, TestContext.Current.CancellationToken);
        Assert.Equal((0.01, 2L), (result.LearningRate, result.Step));
        Assert.True(double.IsNaN(result.ValidationAuc));
        Assert.Contains(log.Lines, l => l.Contains("all of one class", StringComparison.Ordinal) && l.Contains("0.01", StringComparison.Ordinal));
    }

    [Fact]
    public void Evaluation_matches_classes_by_name_and_leaves_out_what_the_model_does_not_know()
    {
        using (var store = ClassStore.Write(_folder["store"], Train(4)))
            Run(store, Tiny with { Steps = 2 }, "run");
        using var other = ClassStore.Write(_folder["other"], ClassStore.Items("t", 6, Split.Test, 3), ["malign", "odd", "benign"]);
        var log = new LogObserver();
        var scores = ClassificationEvaluation.Run(_folder["run"], other, device: "cpu", observer: log, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["t0", "t2", "t3", "t5"], scores.Cases.Select(c => c.Case));
        Assert.Equal([1, 0, 1, 0], scores.Cases.Select(c => c.Truth));
        Assert.Contains(log.Lines, l => l.Contains("odd", StringComparison.Ordinal) && l.Contains("2 cases are left out", StringComparison.Ordinal));
        Assert.Throws<InputDataException>(() => ClassificationEvaluation.Run(_folder["run"], other, Split.Validation, "cpu", cancellation: TestContext.Current.CancellationToken));
    }

    /// <summary>One after the other in eval mode, volumes give what they give padded to the longest in one batch.</summary>
    [Fact]
    public void A_volume_alone_is_classified_as_in_a_padded_batch()
    {
        using var store = ClassStore.Write(_folder["store"], Train(3));
        var settings = new ClassifierSettings { Classes = ["benign", "malign"], HiddenWidth = 12, Dropout = 0.5 };
        using var classifier = Classifier.Create(TinyModel.Encoder, Tiny.VolumeEncoder, settings, TinyModel.Input, seed: 2, TorchSharp.torch.CPU);
        var alone = store.Cases.Select(c => classifier.Classify(store, c)[1]).ToArray();

        using var scope = TorchSharp.torch.NewDisposeScope();
        using var noGrad = TorchSharp.torch.no_grad();
        var normalisation = new PixelNormalisation(TinyModel.Input.Mean, TinyModel.Input.Std);
        var lengths = store.Cases.Select(c => (long)c.Slices).ToArray();
        var values = store.Cases.SelectMany(c => VolumeReader.Read(store, c, 32, normalisation)).ToArray();
        var features = classifier.JointNet.SliceEncoder.forward(TorchSharp.torch.tensor(values, [lengths.Sum(), 1, 32, 32]));
        var padded = Conjoint.Training.Stages.PaddedSlices.Pad(features, lengths);
        var together = classifier.Net.forward(padded, lengths).softmax(1).select(1, 1).data<float>().ToArray();
        Assert.All(alone.Zip(together), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.NotEqual(lengths[0], lengths[1]);
    }

    private static IEnumerable<ClassStore.Item> Train(int count) => ClassStore.Items("a", count, Split.Train);

    private static IEnumerable<ClassStore.Item> Validation(int count) => ClassStore.Items("v", count, Split.Validation);

    private ClassificationResult Run(PreparedStore store, ClassificationSettings settings, string name) =>
        new ClassificationFineTuning(settings).Run(store, "scratch", _folder[name], cancellation: TestContext.Current.CancellationToken);
}
