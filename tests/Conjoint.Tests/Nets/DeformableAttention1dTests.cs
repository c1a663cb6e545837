using Conjoint.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Nets;

public sealed class DeformableAttention1dTests : IDisposable
{
    private static readonly VolumeEncoderSettings s_settings = new() { Width = 10, Heads = 2, HeadWidth = 4, PositionTable = 6 };

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(19)]
    [InlineData(33)]
    public void Equals_plain_loops_over_the_equations(int slices)
    {
        using var attention = Make(seed: slices);
        var tokens = Noise.Normal(100 + slices, 1, slices, s_settings.Width);
        var result = attention.forward(tokens, new SliceLayout([slices], slices, tokens))[0];
        var expected = ReferenceAttention.Forward(attention, s_settings, tokens[0]);
        Assert.True(allclose(result, expected, rtol: 0, atol: 1e-10));
    }

    [Fact]
    public void Without_offsets_and_bias_it_is_plain_attention_over_the_grid()
    {
        using var attention = Make(seed: 5);
        using (no_grad())
        {
            attention.get_parameter("bias_table")!.zero_();
            attention.get_parameter("offset.pointwise.weight")!.zero_();
        }

        // 12 slices, 3 samples: the middles of the cells are 1.5, 5.5 and 9.5, halfway between two slices.
        var tokens = Noise.Normal(6, 1, 12, s_settings.Width);
        var (heads, positions) = attention.Attend(tokens, new SliceLayout([12], 12, tokens));
        Assert.Equal([1.5, 5.5, 9.5], positions[0, 0].data<double>().ToArray());

        var grid = (tokens.index_select(1, tensor(new long[] { 1, 5, 9 })) + tokens.index_select(1, tensor(new long[] { 2, 6, 10 }))) / 2;
        Tensor Project(string name, Tensor rows) =>
            nn.functional.linear(rows, attention.get_parameter(name + ".weight")!).reshape(1, -1, s_settings.Heads, s_settings.HeadWidth).transpose(1, 2);
        var plain = nn.functional.scaled_dot_product_attention(Project("to_q", tokens), Project("to_k", grid), Project("to_v", grid));
        Assert.True(allclose(heads, plain.transpose(1, 2).reshape(1, 12, -1), rtol: 0, atol: 1e-12));
    }

    [Fact]
    public void A_padded_batch_equals_its_volumes_alone_whatever_the_padding_holds()
    {
        using var attention = Make(seed: 8);
        long[] lengths = [9, 1, 16, 4, 3];
        var volumes = lengths.Select((n, b) => Noise.Normal(20 + b, 1, n, s_settings.Width)).ToArray();
        var batch = full([lengths.Length, 16, s_settings.Width], double.NaN, dtype: ScalarType.Float64);
        for (var b = 0; b < lengths.Length; b++)
            batch[b].narrow(0, 0, lengths[b]).copy_(volumes[b][0]);
        batch.requires_grad_();

        var together = SlicePacking.Unpad(attention.forward(batch, new SliceLayout(lengths, 16, batch)), lengths);
        var weights = Noise.Normal(30, lengths.Sum(), s_settings.Width);
        (together * weights).sum().backward();
        var together_gradients = attention.parameters().Select(p => p.grad!.clone()).ToArray();
        attention.zero_grad();

        var alone = volumes.Select((v, b) => attention.forward(v, new SliceLayout([lengths[b]], lengths[b], v))[0]).ToArray();
        (cat(alone, 0) * weights).sum().backward();

        Assert.True(allclose(together, cat(alone, 0), rtol: 0, atol: 1e-12));
        foreach (var (gradient, parameter) in together_gradients.Zip(attention.parameters()))
            Assert.True(allclose(gradient, parameter.grad!, rtol: 1e-9, atol: 1e-10));
        for (var b = 0; b < lengths.Length; b++)
            Assert.True(lengths[b] == 16 || batch.grad![b].narrow(0, lengths[b], 16 - lengths[b]).abs().max().item<double>() == 0);
    }

    [Fact]
    public void Gradients_equal_central_differences()
    {
        using var attention = Make(seed: 11);
        var tokens = Noise.Normal(12, 1, 9, s_settings.Width);
        var weights = Noise.Normal(13, 1, 9, s_settings.Width);
        CentralDifferences.AssertGradient(x => (attention.forward(x, new SliceLayout([9], 9, x)) * weights).sum(), tokens, tolerance: 1e-5);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(7, 1)]
    [InlineData(8, 2)]
    [InlineData(37, 9)]
    [InlineData(64, 16)]
    public void Samples_are_a_quarter_of_the_slices(long slices, long samples) => Assert.Equal(samples, SliceLayout.SamplesFor(slices));

    [Fact]
    public void Wrong_shapes_are_refused_before_the_native_library_sees_them()
    {
        using var attention = Make(seed: 1);
        var tokens = Noise.Normal(1, 2, 6, s_settings.Width);
        var layout = new SliceLayout([6, 3], 6, tokens);
        Assert.Throws<ArgumentException>(() => attention.forward(Noise.Normal(1, 2, 6, s_settings.Width + 1), layout));
        Assert.Throws<ArgumentException>(() => attention.forward(Noise.Normal(1, 3, 6, s_settings.Width), layout));
        Assert.Throws<ArgumentException>(() => new SliceLayout([7], 6, tokens));
        Assert.Throws<ArgumentException>(() => new SliceLayout([0], 6, tokens));
    }

    [Fact]
    public void A_step_leaves_nothing_behind()
    {
        using var attention = Make(seed: 2);
        var tokens = Noise.Normal(3, 2, 6, s_settings.Width);
        LeakGuard.AssertNothingIsLeft(() =>
        {
            using var scope = NewDisposeScope();
            attention.forward(tokens, new SliceLayout([6, 3], 6, tokens)).sum().backward();
            attention.zero_grad();
        });
    }

    private static DeformableAttention1d Make(int seed)
    {
        var attention = new DeformableAttention1d(s_settings);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (parameter, i) in attention.parameters().Select((p, i) => (p, i)))
            parameter.copy_(Noise.Normal(1000 * seed + i, parameter.shape) * 0.5);
        attention.to(ScalarType.Float64);
        // float32 stood between: reading them again makes both sides use the same numbers.
        return attention;
    }
}
