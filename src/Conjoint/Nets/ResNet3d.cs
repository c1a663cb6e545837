using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>
/// A ResNet of 3D convolutions on a whole volume: the encoder of the paper's baselines Scratch (3D), 3D-SwAV and 3D-DeepCluster. It has the blocks and
/// widths of <see cref="SliceEncoder"/>, with a third axis in every kernel.
/// </summary>
/// <remarks>
/// The first convolution keeps the slices apart by its stride of 1 × 2 × 2, since volumes have fewer slices than rows; everything after it halves all three axes.
/// Source: Hara et al. 2018, ResNet-50. The paper doesn't say which 3D ResNet-50 it means. The caller owns every tensor that comes back.
/// </remarks>
public sealed class ResNet3d : Module<Tensor, Tensor>
{
    /// <summary>Slices that share one place of the deepest map.</summary>
    internal const int DepthStride = 16;

    private readonly int _channels;

    [ComponentName(Name = "conv1")] private readonly Conv3d _conv1;
    [ComponentName(Name = "bn1")] private readonly BatchNorm3d _norm1;
    [ComponentName(Name = "layer1")] private readonly Sequential _stage1;
    [ComponentName(Name = "layer2")] private readonly Sequential _stage2;
    [ComponentName(Name = "layer3")] private readonly Sequential _stage3;
    [ComponentName(Name = "layer4")] private readonly Sequential _stage4;

    /// <summary>Makes the encoder with Kaiming-normal convolutions, on the CPU, in float32.</summary>
    /// <param name="settings">Widths and depths; feature levels mean nothing here.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="channels">Channels of the input; at least 1.</param>
    /// <exception cref="ArgumentException">The settings do not describe a ResNet of four stages.</exception>
    public ResNet3d(SliceEncoderSettings settings, string name = "resnet_3d", int channels = 1)
        : base(name)
    {
        if (settings.Faults().ToList() is [var (key, fault), ..])
            throw new ArgumentException($"ResNet3d: {key}: {fault}.", nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        (Settings, _channels) = (settings, channels);
        var width = settings.BaseWidth;
        _conv1 = Conv3d(channels, width, (7, 7, 7), stride: (1, 2, 2), padding: (3, 3, 3), bias: false);
        _norm1 = BatchNorm3d(width);
        _stage1 = Stage(width, width, settings.Blocks[0], stride: 1);
        _stage2 = Stage(4 * width, 2 * width, settings.Blocks[1], stride: 2);
        _stage3 = Stage(8 * width, 4 * width, settings.Blocks[2], stride: 2);
        _stage4 = Stage(16 * width, 8 * width, settings.Blocks[3], stride: 2);
        RegisterComponents();
        foreach (var convolution in modules().OfType<Conv3d>())
            init.kaiming_normal_(convolution.weight!, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
    }

    /// <summary>Widths and depths.</summary>
    public SliceEncoderSettings Settings { get; }

    /// <summary>Width of <see cref="forward"/>'s result: 32·base.</summary>
    public int PooledWidth => 32 * Settings.BaseWidth;

    /// <summary>The global average of the last level.</summary>
    /// <param name="volumes">[n, C, D, H, W], all of whose slices count.</param>
    /// <returns>[n, 32·base].</returns>
    public override Tensor forward(Tensor volumes) => Pooled(volumes, [.. Enumerable.Repeat(volumes.shape[2], (int)volumes.shape[0])]);

    /// <summary>The average of the last level over what is above a volume's own slices.</summary>
    /// <param name="volumes">[n, C, Dmax, H, W], each volume's slices first, then padding.</param>
    /// <param name="lengths">D of each volume, [n], from 1 to Dmax.</param>
    /// <returns>[n, 32·base].</returns>
    public Tensor Pooled(Tensor volumes, long[] lengths)
    {
        using var scope = NewDisposeScope();
        var last = Levels(volumes)[^1].mean([3, 4]);                        // [n, 32b, Dmax/16]
        var place = arange(last.shape[2], device: last.device).unsqueeze(0) * DepthStride;
        var valid = place.lt(tensor(lengths, device: last.device).unsqueeze(1)).to(last.dtype).unsqueeze(1);     // [n, 1, Dmax/16]
        return ((last * valid).sum(2) / valid.sum(2)).MoveToOuterDisposeScope();
    }

    /// <summary>The maps that a U-Net joins: stem before its pooling, then the four stages.</summary>
    /// <param name="volumes">[n, C, D, H, W].</param>
    /// <returns>Five maps: [n, b, D, H/2, W/2], [n, 4b, D/2, H/4, W/4], [n, 8b, D/4, H/8, W/8], [n, 16b, D/8, H/16, W/16], [n, 32b, D/16, H/32, W/32].</returns>
    /// <exception cref="ArgumentException">The input has another shape.</exception>
    public IReadOnlyList<Tensor> Levels(Tensor volumes)
    {
        if (volumes.dim() != 5 || volumes.shape[1] != _channels)
            throw new ArgumentException($"ResNet3d: volumes [{string.Join(", ", volumes.shape)}] must be [n, {_channels}, D, H, W].", nameof(volumes));
        using var scope = NewDisposeScope();
        var stem = functional.relu(_norm1.forward(_conv1.forward(volumes)));
        var level1 = _stage1.forward(functional.max_pool3d(stem, [3, 3, 3], [2, 2, 2], [1, 1, 1]));
        var level2 = _stage2.forward(level1);
        var level3 = _stage3.forward(level2);
        var level4 = _stage4.forward(level3);
        Tensor[] levels = [stem, level1, level2, level3, level4];
        foreach (var level in levels)
            level.MoveToOuterDisposeScope();
        return levels;
    }

    private static Sequential Stage(int channelsIn, int width, int blocks, int stride)
    {
        var list = new List<Module<Tensor, Tensor>> { new Bottleneck3d(channelsIn, width, 4 * width, stride) };
        for (var b = 1; b < blocks; b++)
            list.Add(new Bottleneck3d(4 * width, width, 4 * width, stride: 1));
        return Sequential(list);
    }
}
