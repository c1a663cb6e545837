using Conjoint.Data;
using Conjoint.Nets;
using Conjoint.Runtime;
using Conjoint.Tasks.Segmentation;
using Conjoint.TestSupport;
using static TorchSharp.torch;

namespace Conjoint.Tests.Tasks;

/// <summary>A segmenter whose slices are looked at together.</summary>
[Collection(GlobalGenerator.Name)]
public sealed class VolumeContextTests : IDisposable
{
    private static readonly VolumeEncoderSettings s_volumes = new() { Width = 16, Layers = 1, Heads = 2, HeadWidth = 8, HiddenWidth = 20, PositionTable = 8 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_begins_as_the_plain_net_and_then_every_slice_knows_of_the_others()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        manual_seed(3);
        var encoder = new SliceEncoder(TinyModel.Encoder);
        var net = new UNet(encoder, 3, context: new VolumeEncoder(s_volumes, encoder.FeatureWidth));
        net.eval();
        var slices = randn(5, 1, 32, 32);
        var plain = net.InContext(slices, zeros(5, 32 * TinyModel.Encoder.BaseWidth));
        Assert.True(net.forward(slices).equal(plain).all().item<bool>());

        net.get_parameter("context.weight")!.copy_(randn_like(net.get_parameter("context.weight")!));
        var whole = net.forward(slices);
        var other = slices.clone();
        other[4] = randn(1, 32, 32);
        Assert.True((net.forward(other)[0] - whole[0]).abs().max().item<float>() > 1e-5, "another last slice changes nothing in the first");

        // Prediction goes chunk by chunk: the same as all at once.
        var context = net.ContextOf(net.Encoder.forward(slices));
        var parts = cat([net.InContext(slices[..2], context[..2]), net.InContext(slices[2..], context[2..])], 0);
        Assert.True((parts - whole).abs().max().item<float>() < 1e-4);
    }

    [Fact]
    public void It_is_trained_from_joint_weights_and_a_stopped_run_gives_the_same_bits()
    {
        using var store = SyntheticStore.Write(
            _folder["store"], [.. SyntheticStore.Subjects("a", 3, Split.Train), .. SyntheticStore.Subjects("v", 1, Split.Validation), .. SyntheticStore.Subjects("t", 2, Split.Test)]);
        TinyModel.WriteJoint(_folder["joint.safetensors"]);
        var settings = TinyModel.Segmentation with { Steps = 9, Batch = 4, VolumeContext = true, Augmentation = new() };
        var whole = new SegmentationFineTuning(settings).Run(store, _folder["joint.safetensors"], _folder["whole"], cancellation: TestContext.Current.CancellationToken);
        SegmentationResult? pieces = null;
        for (var attempts = 0; pieces is null; attempts++)
        {
            Assert.InRange(attempts, 0, 40);
            using var stop = new CancellationTokenSource();
            try
            {
                pieces = new SegmentationFineTuning(settings).Run(store, _folder["joint.safetensors"], _folder["pieces"], resume: true, new StoppingObserver(stop, 2), stop.Token);
            }
            catch (OperationCanceledException)
            {
                // Goes on in the next attempt.
            }
        }

        Assert.Equal(File.ReadAllBytes(_folder["whole/weights.safetensors"]), File.ReadAllBytes(_folder["pieces/weights.safetensors"]));
        using (var weights = WeightsFile.Read(_folder["whole/weights.safetensors"]))
            Assert.True(weights.Tensors["context.weight"].abs().max().item<float>() > 0, "the context was not learned");
        var again = SegmentationEvaluation.Run(_folder["whole"], store, device: "cpu", cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(whole.Summary.Dice.Mean, again.Summary.Dice.Mean);
    }

    [Fact]
    public void Images_have_no_context()
    {
        using var store = SyntheticStore.Write(_folder["store"], [new("a", "a", Split.Train, Kind: CaseKind.Image)]);
        var fault = Assert.Throws<ConfigurationException>(() => new SegmentationFineTuning(TinyModel.Segmentation with { VolumeContext = true, VolumeEncoder = s_volumes }).Run(
            store, "scratch", _folder["run"], cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("volume_context: a has one slice", fault.Message, StringComparison.Ordinal);
    }
}
