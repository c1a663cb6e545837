using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tasks.FineTuning;
using Conjoint.Tasks.Segmentation;
using Conjoint.Tests.Training.Runs;
using Conjoint.TestSupport;
using Conjoint.Training;

namespace Conjoint.Tests.Tasks;

/// <summary>Fine-tuning and evaluation notice cases that the weights have seen.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class LearnedCasesTests : IDisposable
{
    private static readonly SegmentationSettings s_tiny = new()
    {
        Batch = 6, Steps = 2, LearningRate = 0.1, Validations = 0,
        Encoder = new SliceEncoderSettings { BaseWidth = 4, Blocks = [1, 1, 1, 1] }, Input = new InputNormalisation { Size = 32, Mean = 0.3, Std = 0.3 },
        Augmentation = SliceAugmentationSettings.None, Device = "cpu", Workers = 1,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private PreparedStore Store(string name, params (string Id, string Split)[] cases) =>
        SyntheticStore.Write(_folder[name], cases.Select(c => new SyntheticStore.Item(c.Id, c.Id, c.Split)));

    [Fact]
    public void Both_warn_about_a_test_case_that_was_pre_trained_or_fine_tuned_on()
    {
        using var store = Store("store", ("a", Split.Train), ("b", Split.Test), ("c", Split.Test));
        var pretraining = RunFolder.Create(_folder["pretraining"]);
        TinyModel.WriteJoint(pretraining.Weights);
        TrainingContent.Write(pretraining, "pre-training", [store.Cases[1]], weights: null);

        var watcher = new Watcher();
        new SegmentationFineTuning(s_tiny).Run(store, pretraining.Path, _folder["run"], observer: watcher, cancellation: TestContext.Current.CancellationToken);
        Assert.Contains(watcher.Warnings, w => w.Contains("1 of 2 cases for validation and test were learned from in the pre-training of these weights (b)", StringComparison.Ordinal));

        // Another store tests on what this run trained on.
        using var other = Store("other", ("a", Split.Test), ("d", Split.Test));
        var evaluated = new Watcher();
        SegmentationEvaluation.Run(_folder["run"], other, device: "cpu", surfaceDistances: false, observer: evaluated, cancellation: TestContext.Current.CancellationToken);
        Assert.Contains(evaluated.Warnings, w => w.Contains("1 of 2 cases for validation and test were learned from in the fine-tuning of these weights (a)", StringComparison.Ordinal));
        Assert.DoesNotContain(evaluated.Warnings, w => w.Contains("pre-training", StringComparison.Ordinal));
    }

    [Fact]
    public void From_scratch_there_is_nothing_to_tell()
    {
        using var store = Store("store", ("a", Split.Train), ("b", Split.Test));
        var watcher = new Watcher();
        new SegmentationFineTuning(s_tiny).Run(store, "scratch", _folder["run"], observer: watcher, cancellation: TestContext.Current.CancellationToken);
        Assert.DoesNotContain(watcher.Warnings, w => w.Contains("learned from", StringComparison.Ordinal));
    }
}
