using Conjoint.Nets;
using Conjoint.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Nets;

public sealed class SliceEncoderTests : IDisposable
{
    private static readonly SliceEncoderSettings s_narrow = new() { BaseWidth = 4, Blocks = [1, 2, 1, 1] };

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_grey_slice_is_three_equal_channels(bool training)
    {
        using var encoder = Make(s_narrow);
        encoder.train(training);
        var grey = Noise.Normal(1, 3, 1, 40, 36);
        // Batch statistics of a few pixels magnify the rounding of the two orders of summing.
        Assert.True(allclose(encoder.forward(grey), encoder.forward(grey.expand(3, 3, 40, 36)), rtol: 0, atol: 1e-9));
    }

    [Fact]
    public void Every_level_has_unit_length_in_the_feature()
    {
        using var encoder = Make(s_narrow);
        var feature = encoder.forward(Noise.Normal(2, 2, 1, 33, 47));
        Assert.Equal([2, 61 * 4], feature.shape);
        Assert.Equal(61 * 4, encoder.FeatureWidth);
        foreach (var level in feature.split([4, 16, 32, 64, 128], 1))
            Assert.True(allclose(linalg.vector_norm(level, 2, [1], keepdim: false), ones(2, dtype: ScalarType.Float64)));
    }

    [Fact]
    public void The_last_level_alone_is_the_end_of_the_whole_feature()
    {
        using var all = Make(s_narrow);
        using var last = Make(s_narrow with { FeatureLevels = FeatureLevels.Last });
        last.load_state_dict(all.state_dict());
        var slices = Noise.Normal(3, 2, 1, 32, 32);
        Assert.Equal(32 * 4, last.FeatureWidth);
        Assert.True(allclose(last.forward(slices), all.forward(slices).narrow(1, 29 * 4, 32 * 4)));
    }

    [Fact]
    public void The_pooled_feature_is_the_average_of_the_last_map()
    {
        using var encoder = Make(s_narrow);
        encoder.eval();
        var slices = Noise.Normal(4, 2, 1, 64, 96);
        var levels = encoder.Levels(slices);
        Assert.Equal([[2, 4, 32, 48], [2, 16, 16, 24], [2, 32, 8, 12], [2, 64, 4, 6], [2, 128, 2, 3]], levels.Select(l => l.shape));
        Assert.Equal([2, encoder.PooledWidth], encoder.Pooled(slices).shape);
        Assert.True(allclose(encoder.Pooled(slices), levels[4].mean([2, 3])));
    }

    [Fact]
    public void ResNet50_has_its_number_of_parameters()
    {
        using var encoder = new SliceEncoder(new SliceEncoderSettings());
        Assert.Equal(23_508_032, encoder.parameters().Sum(p => p.numel()));
        Assert.Equal(318, encoder.state_dict().Count);
        Assert.Equal(3904, encoder.FeatureWidth);
    }

    [Fact]
    public void Wrong_input_and_settings_are_refused()
    {
        using var encoder = Make(s_narrow);
        Assert.Throws<ArgumentException>(() => encoder.forward(Noise.Normal(1, 2, 2, 32, 32)));
        Assert.Throws<ArgumentException>(() => encoder.forward(Noise.Normal(1, 2, 32, 32)));
        Assert.Throws<ArgumentException>(() => new SliceEncoder(s_narrow with { Blocks = [1, 1, 1] }));
        Assert.Throws<ArgumentException>(() => new SliceEncoder(s_narrow with { BaseWidth = 0 }));
    }

    [Fact]
    public void Only_results_are_left()
    {
        using var encoder = Make(s_narrow);
        var slices = Noise.Normal(5, 2, 1, 32, 32);
        LeakGuard.AssertOnlyResults(() => [encoder.forward(slices), encoder.Pooled(slices), .. encoder.Levels(slices)]);
    }

    private static SliceEncoder Make(SliceEncoderSettings settings)
    {
        var encoder = new SliceEncoder(settings);
        Recipe.Fill(encoder, [.. ModuleValues.PyTorchOrder(encoder)], seed: 3);
        encoder.to(ScalarType.Float64);
        return encoder;
    }
}
