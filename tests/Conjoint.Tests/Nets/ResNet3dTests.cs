using Conjoint.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace Conjoint.Tests.Nets;

[Collection(GlobalGenerator.Name)]
public sealed class ResNet3dTests : IDisposable
{
    private static readonly SliceEncoderSettings s_narrow = new() { BaseWidth = 4, Blocks = [1, 2, 1, 1] };

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    /// <summary>By hand: ResNet-50's 23,508,032, twice its 3×3 kernels' 11,317,248 for the third axis, and the stem's 64·(7³ − 3·7²).</summary>
    [Fact]
    public void It_is_the_2D_net_with_a_third_axis_in_its_wide_kernels()
    {
        using var flat = new SliceEncoder(new SliceEncoderSettings());
        using var deep = new ResNet3d(new SliceEncoderSettings());
        Assert.Equal(flat.named_parameters().Select(p => p.name), deep.named_parameters().Select(p => p.name));
        var wider = flat.named_parameters().Where(p => p.parameter.dim() == 4 && p.parameter.shape[3] == 3).Sum(p => 2 * p.parameter.numel());
        var stem = 64 * 7 * 7 * 7 - 64 * 3 * 7 * 7;
        Assert.Equal(flat.parameters().Sum(p => p.numel()) + wider + stem, deep.parameters().Sum(p => p.numel()));
        Assert.Equal(23_508_032 + 2 * 11_317_248 + 12_544, deep.parameters().Sum(p => p.numel()));
    }

    [Fact]
    public void Slices_are_kept_apart_by_the_first_layer_and_halved_by_the_others()
    {
        using var encoder = Make();
        var levels = encoder.Levels(Noise.Normal(1, 2, 1, 32, 64, 96));
        Assert.Equal([[2, 4, 32, 32, 48], [2, 16, 16, 16, 24], [2, 32, 8, 8, 12], [2, 64, 4, 4, 6], [2, 128, 2, 2, 3]], levels.Select(l => l.shape));
        Assert.Equal([1, 128], encoder.forward(Noise.Normal(2, 1, 1, 1, 32, 32)).shape);
    }

    [Fact]
    public void What_is_padded_is_not_averaged()
    {
        using var encoder = Make();
        encoder.eval();
        var volumes = Noise.Normal(3, 2, 1, 48, 32, 32);
        var last = encoder.Levels(volumes)[4].mean([3, 4]);                                 // [2, 128, 3]
        var pooled = encoder.Pooled(volumes, [48, 17]);
        Assert.True(allclose(pooled[0], last[0].mean([1])));
        Assert.True(allclose(pooled[1], last[1].narrow(1, 0, 2).mean([1])));
    }

    /// <summary>A volume whose slices are all the same, seen by kernels that are the 2D ones spread over three slices, gives the 2D net's maps, away from the zeros around it.</summary>
    [Fact]
    public void Inflated_2D_kernels_see_in_equal_slices_what_the_2D_net_sees_in_one()
    {
        manual_seed(4);
        using var flat = new SliceEncoder(s_narrow, channels: 1);
        using var deep = Make();
        flat.to(ScalarType.Float64).eval();
        deep.eval();
        using (no_grad())
        {
            var own = deep.state_dict();
            foreach (var (name, value) in flat.state_dict())
            {
                if (own[name].dim() == 5)
                    own[name].copy_((value.unsqueeze(2) / own[name].shape[2]).expand(own[name].shape));
                else
                    own[name].copy_(value);
            }
        }

        var slice = Noise.Normal(5, 1, 1, 32, 32);
        var volume = slice.unsqueeze(2).expand(1, 1, 192, 32, 32);
        foreach (var (flatLevel, deepLevel) in flat.Levels(slice).Zip(deep.Levels(volume)))
            Assert.True(allclose(flatLevel, deepLevel.select(2, deepLevel.shape[2] / 2)));
    }

    [Theory]
    [InlineData(1, 32, 32)]
    [InlineData(7, 40, 36)]
    [InlineData(20, 64, 64)]
    public void The_U_Net_answers_every_voxel_of_volumes_of_any_size(int depth, int height, int width)
    {
        using var net = new UNet3d(Make(), 3);
        net.to(ScalarType.Float64).eval();
        Assert.Equal([2, 3, depth, height, width], net.forward(Noise.Normal(6, 2, 1, depth, height, width)).shape);
    }

    [Fact]
    public void All_of_the_U_Net_learns()
    {
        using var net = new UNet3d(Make(), 2);
        net.to(ScalarType.Float64).train();
        (net.forward(Noise.Normal(7, 2, 1, 8, 64, 64)) * Noise.Normal(8, 2, 2, 8, 64, 64)).sum().backward();
        Assert.All(net.named_parameters(), p => Assert.True(p.parameter.grad is { } grad && grad.abs().sum().item<double>() > 0, p.name));
    }

    [Fact]
    public void Slices_come_back_out_of_the_volumes_that_they_were_put_into()
    {
        var slices = Noise.Normal(9, 9, 2, 3, 4);
        var volumes = SlicePacking.ToVolumes(slices, [4, 2, 3]);
        Assert.Equal([3, 2, 4, 3, 4], volumes.shape);
        Assert.True(volumes[1].select(0, 1)[1].equal(slices[5][1]).all().item<bool>());     // the second channel of the second volume's second slice
        Assert.Equal(0, volumes[1].narrow(1, 2, 2).abs().sum().item<double>());
        Assert.True(SlicePacking.ToSlices(volumes, [4, 2, 3]).equal(slices).all().item<bool>());
    }

    private static ResNet3d Make()
    {
        manual_seed(1);
        return (ResNet3d)new ResNet3d(s_narrow).to(ScalarType.Float64);
    }
}
