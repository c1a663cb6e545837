using Conjoint.Nets;
using Conjoint.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Nets;

public sealed class VolumeEncoderTests : IDisposable
{
    private const int Features = 7;
    private static readonly VolumeEncoderSettings s_small = new() { Width = 12, Layers = 2, Heads = 2, HeadWidth = 4, HiddenWidth = 9, PositionTable = 8 };

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void A_padded_batch_equals_its_volumes_alone()
    {
        using var encoder = Make();
        long[] lengths = [5, 1, 11, 3];
        var rows = Noise.Normal(1, lengths.Sum(), Features);
        var padded = SlicePacking.Pad(rows, lengths);
        // Garbage in the padding, the worst kind.
        for (var b = 0; b < lengths.Length; b++)
            padded[b].narrow(0, lengths[b], 11 - lengths[b]).fill_(double.NaN);

        var (slices, embedding) = encoder.Encode(padded, lengths);
        var alone = rows.split(lengths, 0).Select((v, b) => encoder.Encode(v.unsqueeze(0), [lengths[b]])).ToArray();

        Assert.True(allclose(embedding, cat([.. alone.Select(a => a.Embedding)], 0), rtol: 0, atol: 1e-12));
        Assert.True(allclose(SlicePacking.Unpad(slices, lengths), cat([.. alone.Select(a => a.Slices[0])], 0), rtol: 0, atol: 1e-12));
        Assert.Equal(0, slices[1].narrow(0, 1, 10).abs().max().item<double>());
    }

    [Fact]
    public void The_embedding_has_unit_length_for_any_number_of_slices()
    {
        using var encoder = Make();
        for (var slices = 1; slices <= 20; slices++)
        {
            var (_, embedding) = encoder.Encode(Noise.Normal(slices, 1, slices, Features), [slices]);
            Assert.Equal(1, linalg.vector_norm(embedding, 2, null, keepdim: false).item<double>(), 12);
        }
    }

    [Fact]
    public void Volumes_of_a_batch_do_not_see_each_other()
    {
        using var encoder = Make();
        var features = Noise.Normal(2, 3, 8, Features);
        var order = tensor(new long[] { 2, 0, 1 });
        var (_, embedding) = encoder.Encode(features, [8, 8, 8]);
        var (_, permuted) = encoder.Encode(features.index_select(0, order), [8, 8, 8]);
        Assert.True(allclose(embedding.index_select(0, order), permuted, rtol: 0, atol: 1e-12));
    }

    [Fact]
    public void Positions_are_sines_and_cosines()
    {
        var encoding = VolumeEncoder.PositionalEncoding(3, 4);
        Assert.Equal([0, 1, 0, 1], encoding[0].data<double>().ToArray());
        double[] expected = [Math.Sin(2), Math.Cos(2), Math.Sin(0.02), Math.Cos(0.02)];
        Assert.All(expected.Zip(encoding[2].data<double>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 14));
        Assert.Equal([5, 3], VolumeEncoder.PositionalEncoding(5, 3).shape);
    }

    [Fact]
    public void Dropout_acts_in_training_only()
    {
        using var encoder = Make();
        var features = Noise.Normal(3, 1, 6, Features);
        Tensor Embed() => encoder.Encode(features, [6]).Embedding;

        Assert.True(Embed().Equals(Embed()));
        encoder.train();
        Assert.False(Embed().Equals(Embed()));
    }

    [Fact]
    public void Wrong_shapes_and_settings_are_refused()
    {
        using var encoder = Make();
        Assert.Throws<ArgumentException>(() => encoder.Encode(Noise.Normal(1, 2, 5, Features + 1), [5, 5]));
        Assert.Throws<ArgumentException>(() => encoder.Encode(Noise.Normal(1, 2, 5, Features), [5]));
        Assert.Throws<ArgumentException>(() => encoder.Encode(Noise.Normal(1, 2, 5, Features), [5, 6]));
        Assert.Throws<ArgumentException>(() => new VolumeEncoder(s_small with { Heads = 0 }, Features));
        Assert.Throws<ArgumentException>(() => new VolumeEncoder(s_small with { Dropout = 1 }, Features));
    }

    [Fact]
    public void A_masked_slice_s_own_feature_does_not_matter()
    {
        using var model = new MaskedModel(Make());
        model.to(ScalarType.Float64);
        model.eval();
        var features = Noise.Normal(4, 1, 8, Features);
        var mask = zeros(1, 8, dtype: ScalarType.Bool);
        mask[0, 3] = true;
        var changed = features.clone();
        changed[0, 3] += 5;
        Assert.True(model.Predict(features, [8], mask).Equals(model.Predict(changed, [8], mask)));
        changed[0, 4] += 5;
        Assert.False(model.Predict(features, [8], mask).Equals(model.Predict(changed, [8], mask)));
        Assert.Throws<ArgumentException>(() => model.Predict(features, [8], mask.to(ScalarType.Float32)));
        Assert.Throws<ArgumentException>(() => model.Predict(features, [8], mask.narrow(1, 0, 7)));
    }

    [Fact]
    public void Full_size_has_the_paper_s_number_of_parameters()
    {
        using var encoder = new VolumeEncoder(new VolumeEncoderSettings(), 3904);
        Assert.Equal(11_452_832, encoder.parameters().Sum(p => p.numel()));
        using var model = new MaskedModel(encoder);
        Assert.Equal(13_955_936, model.parameters().Sum(p => p.numel()));
    }

    [Fact]
    public void A_step_leaves_nothing_behind()
    {
        using var encoder = Make();
        using var model = new MaskedModel(encoder);
        model.to(ScalarType.Float64);
        var features = Noise.Normal(5, 2, 6, Features);
        var mask = zeros(2, 6, dtype: ScalarType.Bool);
        LeakGuard.AssertNothingIsLeft(() =>
        {
            using var scope = NewDisposeScope();
            encoder.Encode(features, [6, 4]).Embedding.sum().backward();
            model.Predict(features, [6, 4], mask).sum().backward();
            model.zero_grad();
        });
        LeakGuard.AssertOnlyResults(() =>
        {
            var (slices, embedding) = encoder.Encode(features, [6, 4]);
            return [slices, embedding, model.Predict(features, [6, 4], mask)];
        });
    }

    private static VolumeEncoder Make()
    {
        var encoder = new VolumeEncoder(s_small, Features);
        Recipe.Fill(encoder, [.. ModuleValues.PyTorchOrder(encoder)], seed: 4);
        encoder.to(ScalarType.Float64);
        encoder.eval();
        return encoder;
    }
}
