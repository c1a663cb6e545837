using Conjoint.Imaging;
using Conjoint.Nets;
using Conjoint.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Training.Weights;

public sealed class NetWeightsTests : IDisposable
{
    private static readonly SliceEncoderSettings s_narrow = new() { BaseWidth = 4, Blocks = [1, 2, 1, 1] };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SliceEncoder _source = Make(1);

    public void Dispose()
    {
        _source.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("module.")]
    [InlineData("backbone.")]
    [InlineData("encoder.")]
    [InlineData("slice_encoder.")]
    [InlineData("_feature_blocks.")]
    [InlineData("trunk._feature_blocks.")]
    [InlineData("module.intra.")]
    [InlineData("module.encoder_q.")]
    [InlineData("never.seen.before.")]
    public void Names_are_found_behind_any_prefix(string prefix)
    {
        var tensors = Named(prefix);
        tensors["module.head.weight"] = ones(3);
        using var net = Make(2);
        var report = Load(net, tensors);
        Assert.Equal(prefix, report.Prefix);
        Assert.Equal(1, report.ParameterShare);
        Assert.Equal(_source.state_dict().Count, report.Matched.Count);
        Assert.Empty(report.Missing);
        Assert.Empty(report.Reshaped);
        Assert.All(net.state_dict(), t => Assert.True(t.Value.Equals(_source.state_dict()[t.Key]), t.Key));
    }

    [Fact]
    public void Of_two_encoders_the_one_that_learned_by_gradients_is_taken()
    {
        using var other = Make(3);
        var tensors = Named("module.encoder_k.", other).Concat(Named("module.encoder_q.")).ToDictionary();
        using var net = Make(2);
        Assert.Equal("module.encoder_q.", Load(net, tensors).Prefix);
    }

    [Fact]
    public void The_report_tells_what_was_missing_unexpected_and_reshaped()
    {
        var tensors = Named("module.");
        tensors.Remove("module.bn1.bias");
        tensors.Remove("module.bn1.num_batches_tracked");
        tensors["module.fc.weight"] = ones(2, 3);
        tensors["other"] = ones(1);
        tensors["module.conv1.weight"] = tensors["module.conv1.weight"].sum(1, keepdim: true);
        using var net = Make(2);
        var report = Load(net, tensors);
        Assert.Equal(["bn1.bias", "bn1.num_batches_tracked"], report.Missing);
        Assert.Equal(["module.fc.weight"], report.Unexpected);
        var stem = Assert.Single(report.Reshaped);
        Assert.Equal("conv1.weight [4, 1, 7, 7] to [4, 3, 7, 7]", stem.ToString());
        var parameters = net.named_parameters().Sum(p => p.parameter.numel());
        Assert.Equal((parameters - 4.0) / parameters, report.ParameterShare, 12);
        Assert.Contains("from 'module.…', 2 missing (bn1.bias, bn1.num_batches_tracked), 1 unexpected (module.fc.weight), reshaped: conv1.weight", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stem_of_one_channel_gives_grey_input_the_same_result_bit_for_bit()
    {
        var kernel = randn(64, 1, 7, 7);
        var spread = NetWeights.SpreadOver(kernel, 3);
        Assert.Equal([64, 3, 7, 7], spread.shape);
        Assert.True(SliceEncoder.FoldToOneChannel(spread).Equals(kernel));
        // Each channel has its third, up to rounding.
        Assert.True(allclose(spread, (kernel / 3).expand(64, 3, 7, 7), rtol: 1e-6, atol: 1e-9));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 4)]
    [InlineData(3, 2)]
    [InlineData(1, 1)]
    public void A_stem_of_more_channels_gives_equal_ones_what_grey_input_gave(int has, int wanted)
    {
        var kernel = randn(8, has, 7, 7);
        var spread = NetWeights.SpreadOver(kernel, wanted);
        Assert.Equal([8, wanted, 7, 7], spread.shape);
        Assert.True(allclose(SliceEncoder.FoldToOneChannel(spread), SliceEncoder.FoldToOneChannel(kernel), rtol: 1e-6, atol: 1e-6));

        using var three = Make(2);
        using var more = new SliceEncoder(three.Settings, channels: wanted);
        NetWeights.Load(more, "w", three.state_dict(), NetWeights.SlicePrefixes);
        three.eval();
        more.eval();
        var grey = rand(2, 1, 32, 32);
        Assert.True(allclose(three.forward(grey), more.forward(grey.expand(2, wanted, 32, 32)), rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void Less_than_nine_tenths_of_the_parameters_is_refused_with_the_share_and_a_name()
    {
        var tensors = Named("");
        foreach (var name in tensors.Keys.Where(n => n.StartsWith("layer4", StringComparison.Ordinal)).ToList())
            tensors.Remove(name);
        using var net = Make(2);
        var before = net.state_dict()["conv1.weight"].clone();
        var error = Assert.Throws<InputDataException>(() => Load(net, tensors));
        Assert.Contains("'layer4.0.conv1.weight' is not in it", error.Message, StringComparison.Ordinal);
        Assert.Contains("expected at least 90", error.Message, StringComparison.Ordinal);
        Assert.True(net.state_dict()["conv1.weight"].Equals(before));
    }

    [Fact]
    public void One_tensor_of_another_shape_is_refused_and_not_dropped()
    {
        var tensors = Named("");
        tensors["bn1.running_mean"] = ones(5);
        using var net = Make(2);
        Assert.Contains("'bn1.running_mean' has shape [5], the encoder's is [4]", Assert.Throws<InputDataException>(() => Load(net, tensors)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("module.backbone.")]
    public void The_settings_are_read_off_the_tensors(string prefix)
    {
        var settings = ResNetShape.Of(Named(prefix))!;
        Assert.Equal(4, settings.BaseWidth);
        Assert.Equal([1, 2, 1, 1], settings.Blocks);
    }

    [Fact]
    public void Tensors_that_are_no_plain_bottleneck_net_have_no_settings()
    {
        Assert.Null(ResNetShape.Of(new Dictionary<string, Tensor> { ["w"] = ones(1) }));
        var basic = Named("").Where(t => !t.Key.Contains("conv3", StringComparison.Ordinal)).ToDictionary();
        Assert.Null(ResNetShape.Of(basic));
        // A wide stem in front of a narrow net would ask for memory that the file does not back.
        var wide = Named("");
        wide["conv1.weight"] = ones(4096, 3, 7, 7);
        Assert.Null(ResNetShape.Of(wide));
    }

    [Fact]
    public void Loading_leaves_nothing_behind() => LeakGuard.AssertNothingIsLeft(() =>
    {
        using var scope = NewDisposeScope();
        using var net = Make(2);
        Load(net, Named("module."));
    });

    private static LoadReport Load(SliceEncoder net, Dictionary<string, Tensor> tensors) => NetWeights.Load(net, "file.pth", tensors, NetWeights.SlicePrefixes);

    private Dictionary<string, Tensor> Named(string prefix, SliceEncoder? net = null) => (net ?? _source).state_dict().ToDictionary(t => prefix + t.Key, t => t.Value);

    private static SliceEncoder Make(long seed)
    {
        manual_seed(seed);
        return new SliceEncoder(s_narrow);
    }
}
