using Conjoint.Data;
using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tasks.Classification;
using Conjoint.Tasks.Detection;
using Conjoint.Tasks.Embeddings;
using Conjoint.Tasks.Segmentation;
using Conjoint.Tests.Training.Runs;
using Conjoint.TestSupport;
using Conjoint.Training;
using Conjoint.Training.Monitoring;
using Conjoint.Training.Settings;
using static TorchSharp.torch;

namespace Conjoint.Tests.Tasks;

/// <summary>The paper's baselines with 3D convolutions, from pre-training to scores.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class VolumetricTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ClusteringMethod.Swav)]
    [InlineData(ClusteringMethod.DeepClusterV2)]
    public void Its_stage_learns_alone_and_a_stopped_run_gives_the_same_bits(ClusteringMethod method)
    {
        using var small = new SmallRun();
        var settings = SmallRun.Settings(method);
        settings = settings with { Volumes = settings.Volumes with { Size = 32 } };
        var whole = small.Run(settings, "whole", r => r with { Stage = StageName.Volumes3d });
        var lines = MetricsReader.Read(whole.Metrics);
        Assert.Equal(4, lines.Count(l => l.Stage == StageName.Volumes3d && l.Has("loss") && l.Has("ln_k")));
        Assert.All(lines, l => Assert.Equal(StageName.Volumes3d, l.Stage));

        using (var weights = WeightsFile.Read(whole.Weights))
        {
            Assert.Equal(StageName.Volumes3d, weights.Card.Stage);
            Assert.NotNull(weights.Card.Net<SliceEncoderSettings>("resnet_3d"));
            Assert.Null(weights.Card.Net<SliceEncoderSettings>("slice_encoder"));
            Assert.Equal([4, 1, 7, 7, 7], weights.Tensors["resnet_3d.conv1.weight"].shape);
        }

        var interrupted = 0;
        for (var done = false; !done; interrupted++)
        {
            Assert.InRange(interrupted, 0, 20);
            using var stop = new CancellationTokenSource();
            try
            {
                Pretraining.Run(small.Request(settings, "pieces") with { Stage = StageName.Volumes3d, Resume = true }, new Watcher(_ => stop.Cancel()), stop.Token);
                done = true;
            }
            catch (OperationCanceledException)
            {
                // Goes on in the next attempt.
            }
        }

        Assert.InRange(interrupted, 2, 20);
        Assert.Equal(File.ReadAllBytes(whole.Weights), File.ReadAllBytes(small["pieces/weights.safetensors"]));
    }

    [Fact]
    public void Tensors_do_not_pile_up()
    {
        using var small = new SmallRun();
        var settings = SmallRun.Settings(ClusteringMethod.Swav);
        settings = settings with { Volumes = settings.Volumes with { Size = 32, Steps = 30 } };
        var counts = new List<long>();
        var watcher = new Watcher();
        watcher.Stepped += _ => counts.Add(Tensor.TotalCount);
        small.Run(settings, "run", r => r with { Stage = StageName.Volumes3d }, watcher);
        // Loader threads hold some batches of two views that nobody has taken yet.
        Assert.InRange(counts[^1], 0, counts.Skip(6).Take(6).Max() + 8);
    }

    [Fact]
    public void It_segments_from_its_weights_and_a_stopped_run_gives_the_same_bits()
    {
        using var store = Labelled();
        WriteWeights(_folder["deep.safetensors"]);
        var settings = TinyModel.Segmentation with { Steps = 9, Batch = 8, Depth = 3, Augmentation = new() };
        var whole = new SegmentationFineTuning(settings).Run(store, _folder["deep.safetensors"], _folder["whole"], cancellation: TestContext.Current.CancellationToken);
        SegmentationResult? pieces = null;
        for (var attempts = 0; pieces is null; attempts++)
        {
            Assert.InRange(attempts, 0, 40);
            using var stop = new CancellationTokenSource();
            try
            {
                pieces = new SegmentationFineTuning(settings).Run(store, _folder["deep.safetensors"], _folder["pieces"], resume: true, new StoppingObserver(stop, 2), stop.Token);
            }
            catch (OperationCanceledException)
            {
                // Goes on in the next attempt.
            }
        }

        Assert.Equal(File.ReadAllBytes(_folder["whole/weights.safetensors"]), File.ReadAllBytes(_folder["pieces/weights.safetensors"]));
        var again = SegmentationEvaluation.Run(_folder["whole"], store, device: "cpu", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(whole.Summary.Dice.Mean, again.Summary.Dice.Mean);
        using var weights = WeightsFile.Read(_folder["whole/weights.safetensors"]);
        Assert.Equal(3, weights.Card.Net<SegmenterSettings>(SegmenterSettings.CardName)!.Depth);
    }

    [Fact]
    public void It_learns_bright_voxels_from_scratch()
    {
        using var store = Labelled();
        var result = new SegmentationFineTuning(TinyModel.Segmentation with { Steps = 60, Batch = 16, Depth = 4, Volumetric = true }).Run(
            store, "scratch", _folder["run"], cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(result.Summary.Dice.Mean, 0.8, 1);
    }

    /// <summary>Runs that overlap by half, the sum of whose scores decides, by the definition.</summary>
    [Fact]
    public void A_volume_of_more_slices_than_the_net_sees_is_segmented_in_overlapping_runs()
    {
        using var scope = NewDisposeScope();
        using var segmenter = Segmenter.Create(TinyModel.Encoder, new UNetSettings(), new ClassMap([1, 2]), TinyModel.Input, seed: 5, CPU, depth: 4);
        var geometry = SliceGeometry.Fit(32, 32, 1, 1, 32);
        var voxels = Noise.Normal(3, 7, 1, 32, 32).to(float32);
        var values = voxels.data<float>().ToArray();
        var found = segmenter.Segment(7, geometry, (first, count, destination) => values.AsSpan(first * 1024, count * 1024).CopyTo(destination));

        using var noGrad = no_grad();
        segmenter.Net.eval();
        var input = (voxels - TinyModel.Input.Mean) / TinyModel.Input.Std;
        var sum = zeros(7, 3, 32, 32);
        foreach (var first in new[] { 0, 2, 3 })
            sum.narrow(0, first, 4).add_(segmenter.Net.forward(input.narrow(0, first, 4).permute(1, 0, 2, 3).unsqueeze(0))[0].permute(1, 0, 2, 3));
        var expected = sum.argmax(1).flatten().data<long>().ToArray();
        Assert.True(expected.Distinct().Count() > 1);
        // The same numbers in another order: a tie of two scores may fall either way.
        Assert.InRange(found.Zip(expected).Count(p => p.First != p.Second), 0, 3);
    }

    [Fact]
    public void It_classifies_from_its_weights_and_opens_again()
    {
        using var store = ClassStore.Write(_folder["store"], [.. ClassStore.Items("a", 32, Split.Train), .. ClassStore.Items("v", 4, Split.Validation), .. ClassStore.Items("t", 8, Split.Test)]);
        WriteWeights(_folder["deep.safetensors"]);
        var settings = ClassificationTests.Tiny with { Steps = 100, Batch = 8, LearningRate = 0.05 };
        var result = new ClassificationFineTuning(settings).Run(store, _folder["deep.safetensors"], _folder["run"], cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(result.Summary.Auc, 0.9, 1);
        using var classifier = Classifier.Open(_folder["run"], "cpu");
        foreach (var c in result.Test)
            Assert.Equal(c.Probabilities, classifier.Classify(store, store.Cases.Single(s => s.Id == c.Case)));
    }

    [Fact]
    public void Weights_of_the_other_sort_are_refused_by_a_sentence()
    {
        using var store = Labelled();
        WriteWeights(_folder["deep.safetensors"]);
        TinyModel.WriteJoint(_folder["joint.safetensors"]);
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Contains("volumetric", Assert.Throws<ConfigurationException>(() => new SegmentationFineTuning(TinyModel.Segmentation with { Volumetric = true }).Run(
            store, _folder["joint.safetensors"], _folder["run"], cancellation: cancellation)).Message, StringComparison.Ordinal);
        Assert.Contains("volume_context", Assert.Throws<ConfigurationException>(() => new SegmentationFineTuning(TinyModel.Segmentation with { VolumeContext = true }).Run(
            store, _folder["deep.safetensors"], _folder["run"], cancellation: cancellation)).Message, StringComparison.Ordinal);
        Assert.Contains("volumetric", Assert.Throws<ConfigurationException>(() => new DetectionFineTuning(new DetectionSettings { Volumetric = true })).Message, StringComparison.Ordinal);
        Assert.Contains("3D convolutions", Assert.Throws<InputDataException>(() => Embedder.Open(_folder["deep.safetensors"], "cpu")).Message, StringComparison.Ordinal);
    }

    private PreparedStore Labelled() => SyntheticStore.Write(
        _folder["labelled"], [.. SyntheticStore.Subjects("a", 3, Split.Train), .. SyntheticStore.Subjects("v", 1, Split.Validation), .. SyntheticStore.Subjects("t", 2, Split.Test)]);

    private static void WriteWeights(string path)
    {
        manual_seed(1);
        using var net = new ResNet3d(TinyModel.Encoder);
        var card = new WeightsCard { Preset = "tiny", Method = "swav", Stage = StageName.Volumes3d, Input = TinyModel.Input }.WithNet("resnet_3d", TinyModel.Encoder);
        WeightsFile.Write(path, net.state_dict().Select(t => KeyValuePair.Create("resnet_3d." + t.Key, t.Value)), card);
    }
}
