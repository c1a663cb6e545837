using Conjoint.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Nets;

public sealed class HeadTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(true, new[] { "0.weight", "0.bias", "1.weight", "1.bias", "3.weight", "3.bias" })]
    [InlineData(false, new[] { "0.weight", "0.bias", "3.weight", "3.bias" })]
    public void The_projection_head_gives_unit_rows_under_SwAV_s_names(bool batchNorm, string[] names)
    {
        using var head = new ProjectionHead(12, 9, 5, batchNorm);
        Assert.Equal(names, head.named_parameters().Select(p => p.name));
        var z = head.forward(Noise.Normal(1, 6, 12).to(ScalarType.Float32));
        Assert.Equal([6, 5], z.shape);
        Assert.True(allclose(linalg.vector_norm(z, 2, [1], keepdim: false), ones(6)));
        Assert.Throws<ArgumentException>(() => head.forward(ones(6, 11)));
        var input = ones(6, 12);
        LeakGuard.AssertOnlyResults(() => [head.forward(input)]);
    }

    [Fact]
    public void Prototypes_are_unit_rows_and_score_each_head()
    {
        using var prototypes = new Prototypes([4, 7], 5);
        Assert.Equal(["prototypes0.weight", "prototypes1.weight"], prototypes.named_parameters().Select(p => p.name));
        using (no_grad())
        {
            foreach (var parameter in prototypes.parameters())
                parameter.mul_(3);
        }

        prototypes.Normalize();
        foreach (var parameter in prototypes.parameters())
            Assert.True(allclose(linalg.vector_norm(parameter, 2, [1], keepdim: false), ones(parameter.shape[0])));
        Assert.Equal([[3, 4], [3, 7]], prototypes.forward(ones(3, 5)).Select(s => s.shape));
        Assert.Throws<ArgumentException>(() => prototypes.forward(ones(3, 6)));
        Assert.Throws<ArgumentException>(() => new Prototypes([], 5));
    }

    [Fact]
    public void Frozen_prototypes_have_no_gradient_and_centroids_take_their_place()
    {
        using var prototypes = new Prototypes([4], 5);
        prototypes.forward(ones(3, 5))[0].sum().backward();
        Assert.NotNull(prototypes.parameters().Single().grad);
        prototypes.DropGradients();
        Assert.Null(prototypes.parameters().Single().grad);

        var centroids = Noise.UnitRows(2, 4, 5).to(ScalarType.Float32);
        prototypes.SetCentroids(0, centroids);
        Assert.True(prototypes.parameters().Single().Equals(centroids));
        Assert.True(prototypes.parameters().Single().requires_grad);
        Assert.Throws<ArgumentException>(() => prototypes.SetCentroids(0, ones(3, 5)));
        LeakGuard.AssertNothingIsLeft(() =>
        {
            prototypes.Normalize();
            prototypes.SetCentroids(0, centroids);
            prototypes.DropGradients();
        });
    }

    [Theory]
    [InlineData(64, 32)]
    [InlineData(50, 37)]
    public void The_U_Net_scores_every_pixel_of_any_size(int height, int width)
    {
        using var unet = new UNet(new SliceEncoder(new SliceEncoderSettings { BaseWidth = 8, Blocks = [1, 1, 1, 1] }), 3);
        var slices = Noise.Normal(3, 2, 1, height, width).to(ScalarType.Float32);
        Assert.Equal([2, 3, height, width], unet.forward(slices).shape);
        LeakGuard.AssertOnlyResults(() => [unet.forward(slices)]);
    }

    [Fact]
    public void The_decoder_shrinks_with_its_encoder_down_to_a_bound()
    {
        var settings = new UNetSettings();
        Assert.Equal([256, 128, 64, 32, 16], settings.WidthsFor(64));
        Assert.Equal([64, 32, 16, 8, 8], settings.WidthsFor(16));
        using var encoder = new SliceEncoder(new SliceEncoderSettings { BaseWidth = 4, Blocks = [1, 1, 1, 1] });
        Assert.Throws<ArgumentException>(() => new UNet(encoder, 0));
        Assert.Throws<ArgumentException>(() => new UNet(encoder, 2, settings with { DecoderWidths = [8, 8] }));
    }

    [Fact]
    public void Packing_and_unpacking_give_the_same_rows()
    {
        long[] lengths = [3, 1, 4];
        var rows = Noise.Normal(4, 8, 2).requires_grad_();
        var padded = SlicePacking.Pad(rows, lengths);
        Assert.Equal([3, 4, 2], padded.shape);
        Assert.Equal(0, padded[1].narrow(0, 1, 3).abs().sum().item<double>());
        Assert.True(SlicePacking.Unpad(padded, lengths).Equals(rows));
        (padded * 2).sum().backward();
        Assert.True(rows.grad!.Equals(full_like(rows, 2)));
        Assert.Throws<ArgumentException>(() => SlicePacking.Pad(rows, [3, 4]));
        Assert.Throws<ArgumentException>(() => SlicePacking.Unpad(padded, [3, 4, 5]));
        LeakGuard.AssertOnlyResults(() => [SlicePacking.Pad(rows, lengths), SlicePacking.Unpad(padded, lengths)]);
    }
}
