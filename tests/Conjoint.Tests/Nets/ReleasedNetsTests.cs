using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Tests.Nets;

/// <summary>Both branches of each choice between the text and the released code; the numbers themselves are held by golden cases.</summary>
public class ReleasedNetsTests
{
    private static readonly VolumeEncoderSettings s_small = new()
    {
        Width = 12, Layers = 2, Heads = 2, HeadWidth = 4, HiddenWidth = 9, Dropout = 0,
        Attention = AttentionAxis.Features, Sampling = KeySampling.Fixed, PositionBias = PositionBias.Mlp, Embedding = TokenEmbedding.Deconv, Slices = 6,
    };

    [Fact]
    public void Sampling_reads_along_the_sequence_or_its_middle_only()
    {
        using var scope = NewDisposeScope();
        var sequence = tensor(new double[] { 1, 2, 4, 8 }).reshape(1, 1, 4);
        var grid = tensor(new double[] { -1, 0, 0.5, 1, 3 }).reshape(1, 5);
        // Places (g + 1)·4/2 − 1/2: −0.5, 1.5, 2.5, 3.5, 7.5.
        Assert.Equal([0.5, 3, 6, 4, 0], Values(ReleasedSampling.Sample(sequence, grid, KeySampling.Fixed)));
        // The middle is (2 + 4)/2.
        Assert.Equal([1.5, 3, 2.25, 1.5, 0], Values(ReleasedSampling.Sample(sequence, grid, KeySampling.V0018)));
        Assert.Throws<ArgumentException>(() => ReleasedSampling.Sample(sequence, grid, KeySampling.Grid));
    }

    [Fact]
    public void Attention_across_features_takes_the_number_of_slices_that_it_was_made_for()
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(s_small);
        var features = rand(2, 6, 5);
        var (slices, embedding) = encoder.Encode(features, [6, 6]);
        Assert.Equal([2, 6, 12], slices.shape);
        Assert.Equal([2, 12], embedding.shape);

        // The same parameters read in two ways.
        using var other = Make(s_small with { Sampling = KeySampling.V0018 });
        Assert.False(other.Encode(features, [6, 6]).Embedding.allclose(embedding));
        Assert.Throws<ArgumentException>(() => encoder.Encode(rand(1, 5, 5), [5]));
        Assert.Throws<ArgumentException>(() => encoder.Encode(features, [6, 5]));
    }

    [Theory]
    [InlineData(KeySampling.Fixed)]
    [InlineData(KeySampling.V0018)]
    public void The_released_attention_runs_across_slices_too_at_any_equal_number(KeySampling sampling)
    {
        using var scope = NewDisposeScope();
        using var encoder = Make(s_small with { Attention = AttentionAxis.Slices, Sampling = sampling });
        foreach (var n in new long[] { 4, 9 })
        {
            var x = rand(2, n, 12);
            var layout = new SliceLayout([n, n], n, x);
            // Positions are added once, then the layers follow.
            var expected = encoder.Layers.Aggregate(x + VolumeEncoder.PositionalEncoding(n, 12).to(x.dtype), (context, layer) => layer.forward(context, layout));
            Assert.True(expected.allclose(encoder.forward(x, layout)));
        }

        Assert.Throws<ArgumentException>(() => encoder.Encode(rand(2, 6, 5), [6, 5]));
    }

    [Fact]
    public void The_embedding_is_the_same_map_in_either_shape()
    {
        using var scope = NewDisposeScope();
        using var linear = Make(s_small with { Embedding = TokenEmbedding.Linear });
        using var deconv = Make(s_small);
        Assert.Equal([12, 5], linear.get_parameter("embedding.weight")!.shape);
        Assert.Equal([5, 12, 1], deconv.get_parameter("embedding.weight")!.shape);
        using (no_grad())
        {
            deconv.get_parameter("embedding.weight")!.copy_(linear.get_parameter("embedding.weight")!.t().unsqueeze(-1));
            deconv.get_parameter("embedding.bias")!.copy_(linear.get_parameter("embedding.bias")!);
        }

        var features = rand(2, 6, 5);
        var layout = new SliceLayout([6, 6], 6, features);
        Assert.True(linear.Embed(features, layout).allclose(deconv.Embed(features, layout), atol: 1e-6));
    }

    [Fact]
    public void The_last_stage_twice_is_the_last_two_parts_of_the_feature()
    {
        using var scope = NewDisposeScope();
        var settings = new SliceEncoderSettings { BaseWidth = 4, Blocks = [1, 1, 1, 1] };
        using var all = new SliceEncoder(settings);
        using var twice = new SliceEncoder(settings with { FeatureLevels = FeatureLevels.LastTwice });
        twice.load_state_dict(all.state_dict());
        Assert.Equal((61 * 4, 92 * 4), (all.FeatureWidth, twice.FeatureWidth));
        all.eval();
        twice.eval();
        var x = rand(2, 1, 32, 32);
        var (levels, feature) = (all.forward(x), twice.forward(x));
        Assert.True(feature.narrow(1, 0, 60 * 4).allclose(levels.narrow(1, 4, 60 * 4)));
        Assert.True(feature.narrow(1, 60 * 4, 32 * 4).allclose(levels.narrow(1, 29 * 4, 32 * 4)));
    }

    [Fact]
    public void Masked_prediction_has_the_width_of_its_target_and_the_released_one_leaves_the_embedding_alone()
    {
        using var scope = NewDisposeScope();
        foreach (var (target, width) in new[] { (MaskedTarget.Features, 5), (MaskedTarget.Embedding, 12) })
        {
            using var model = new MaskedModel(Make(s_small), target);
            var features = rand(1, 6, 5);
            var mask = tensor(new[] { true, false, false, false, true, false }).reshape(1, 6);
            var predicted = model.Predict(features, [6], mask);
            Assert.Equal([1, 6, width], predicted.shape);
            Assert.Equal([1, 6, width], model.TargetOf(features, [6]).shape);
            Assert.False(model.TargetOf(features, [6]).requires_grad);
            predicted.square().sum().backward();
            Assert.Equal(target == MaskedTarget.Features, model.get_parameter("encoder.embedding.weight")!.grad is not null);
            Assert.NotNull(model.get_parameter("decoder.weight")!.grad);
        }
    }

    [Fact]
    public void The_bias_that_softmax_does_not_see_has_a_feeble_gradient_and_its_whole_value()
    {
        using var scope = NewDisposeScope();
        using var bias = new DistanceBias(4, heads: 2, groups: 2, depth: 2, logarithmic: true);
        var (queries, keys) = (linspace(-1, 1, 5), rand(4, 3));
        Assert.True(bias.forward(queries, keys).allclose(bias.BeforeSoftmax(queries, keys)));
        (bias.BeforeSoftmax(queries, keys).softmax(-1) * rand(2, 2, 5, 3)).sum().backward();
        Assert.InRange(Math.Abs(bias.get_parameter("mlp.2.bias")!.grad!.item<float>()), 1e-18, 1e-9);
        Assert.NotNull(bias.get_parameter("mlp.2.weight")!.grad);
        bias.forward(queries, keys).sum().backward();
        Assert.Equal(2 * 2 * 5 * 3, bias.get_parameter("mlp.2.bias")!.grad!.item<float>(), 3);
    }

    [Fact]
    public void What_the_settings_cannot_build_is_refused()
    {
        foreach (var faulty in new[]
        {
            s_small with { Sampling = KeySampling.Grid, PositionBias = PositionBias.Table },
            s_small with { PositionBias = PositionBias.Table },
            s_small with { Slices = 7 },
            new VolumeEncoderSettings { PositionBias = PositionBias.Mlp },
        })
        {
            Assert.NotEmpty(faulty.Faults());
            Assert.Throws<ArgumentException>(() => new VolumeEncoder(faulty, 5));
        }

        Assert.Throws<ArgumentException>(() => new ReleasedAttention1d(new ReleasedAttentionSettings(8, 4, 2, KeySampling.Fixed) { OffsetGroups = 3 }, AttentionAxis.Features));
        Assert.Throws<ArgumentException>(() => new ReleasedAttention1d(new ReleasedAttentionSettings(8, 4, 2, KeySampling.Fixed) { OffsetKernel = 5 }, AttentionAxis.Features));
    }

    [Fact]
    public void Grey_slices_become_three_colours_under_imagenet_s_numbers()
    {
        using var scope = NewDisposeScope();
        var colours = ImageNetInput.Of(full(1, 1, 2, 2, 0.5, dtype: ScalarType.Float64));
        Assert.Equal([1, 3, 2, 2], colours.shape);
        Assert.Equal((0.5 - 0.485) / 0.229, colours[0, 0, 0, 0].item<double>(), 6);
        Assert.Equal((0.5 - 0.406) / 0.225, colours[0, 2, 1, 1].item<double>(), 6);
    }

    private static VolumeEncoder Make(VolumeEncoderSettings settings)
    {
        var encoder = new VolumeEncoder(settings, 5);
        encoder.eval();
        return encoder;
    }

    private static double[] Values(Tensor tensor) => [.. tensor.reshape(-1).data<double>().ToArray().Select(v => Math.Round(v, 12))];
}
