using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>
/// f_intra of the paper: a ResNet on one slice, and its multi-level feature, Eq. (9): the global averages of stem and four
/// stages, each L2-normalised, concatenated.
/// </summary>
/// <remarks>
/// State-dict names are torchvision's (<c>conv1.weight</c>, <c>layer1.0.bn1.running_mean</c>, ...) without <c>fc</c>.
/// Weights keep three input channels; a grey slice gives what three identical channels give, at a third of the stem's cost.
/// The caller owns every tensor that comes back.
/// </remarks>
public sealed class SliceEncoder : Module<Tensor, Tensor>
{
    /// <summary>Channels of the stem as torchvision has it; one grey channel stands for three equal ones.</summary>
    internal const int ColourChannels = 3;

    private readonly int _channels;

    [ComponentName(Name = "conv1")] private readonly Conv2d _conv1;
    [ComponentName(Name = "bn1")] private readonly BatchNorm2d _norm1;
    [ComponentName(Name = "layer1")] private readonly Sequential _stage1;
    [ComponentName(Name = "layer2")] private readonly Sequential _stage2;
    [ComponentName(Name = "layer3")] private readonly Sequential _stage3;
    [ComponentName(Name = "layer4")] private readonly Sequential _stage4;

    /// <summary>Makes the encoder with Kaiming-normal convolutions, on the CPU, in float32.</summary>
    /// <param name="settings">Widths and depths.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="channels">Channels of the input: 3, which takes one grey channel too, or as many as are learned from together.</param>
    /// <exception cref="ArgumentException">The settings do not describe a ResNet of four stages.</exception>
    public SliceEncoder(SliceEncoderSettings settings, string name = "slice_encoder", int channels = ColourChannels)
        : base(name)
    {
        if (settings.Faults().ToList() is [var (key, fault), ..])
            throw new ArgumentException($"SliceEncoder: {key}: {fault}.", nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        (Settings, _channels) = (settings, channels);
        var width = settings.BaseWidth;
        _conv1 = Conv2d(channels, width, 7, stride: 2, padding: 3, bias: false);
        _norm1 = BatchNorm2d(width);
        var inner = settings.InnerWidth ?? width;
        _stage1 = Stage(width, inner, 4 * width, settings.Blocks[0], stride: 1);
        _stage2 = Stage(4 * width, 2 * inner, 8 * width, settings.Blocks[1], stride: 2);
        _stage3 = Stage(8 * width, 4 * inner, 16 * width, settings.Blocks[2], stride: 2);
        _stage4 = Stage(16 * width, 8 * inner, 32 * width, settings.Blocks[3], stride: 2);
        RegisterComponents();
        foreach (var convolution in modules().OfType<Conv2d>())
            init.kaiming_normal_(convolution.weight!, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
    }

    /// <summary>Widths and depths.</summary>
    public SliceEncoderSettings Settings { get; }

    /// <summary>Width of <see cref="forward"/>'s result: 61·base for all levels, 32·base for the last alone, 92·base for the last twice.</summary>
    public int FeatureWidth => Settings.FeatureWidth;

    /// <summary>Width of <see cref="Pooled"/>'s result: 32·base.</summary>
    public int PooledWidth => 32 * Settings.BaseWidth;

    /// <summary>The feature of each slice, one row of Y in Eq. (9).</summary>
    /// <param name="slices">[n, 1 or 3, H, W].</param>
    /// <returns>[n, F_in]; each level's part has unit length.</returns>
    public override Tensor forward(Tensor slices)
    {
        using var scope = NewDisposeScope();
        var level0 = Pool(Stem(slices));                                 // [n, b, H/4, W/4]
        var level1 = _stage1.forward(level0);                            // [n, 4b, H/4, W/4]
        var level2 = _stage2.forward(level1);                            // [n, 8b, H/8, W/8]
        var level3 = _stage3.forward(level2);                            // [n, 16b, H/16, W/16]
        var level4 = _stage4.forward(level3);                            // [n, 32b, H/32, W/32]

        return Feature(level0, level1, level2, level3, level4).MoveToOuterDisposeScope();
    }

    /// <summary>What <see cref="forward"/> gives, from maps that are there already.</summary>
    /// <param name="levels">Of <see cref="Levels"/>.</param>
    /// <returns>[n, F_in].</returns>
    internal Tensor FeatureOf(IReadOnlyList<Tensor> levels)
    {
        using var scope = NewDisposeScope();
        return Feature(Pool(levels[0]), levels[1], levels[2], levels[3], levels[4]).MoveToOuterDisposeScope();
    }

    private Tensor Feature(Tensor level0, Tensor level1, Tensor level2, Tensor level3, Tensor level4)
    {
        Tensor[] levels = Settings.FeatureLevels switch
        {
            FeatureLevels.Last => [level4],                              // [n, 32b]
            FeatureLevels.LastTwice => [level1, level2, level3, level4, level4],    // [n, 92b]
            _ => [level0, level1, level2, level3, level4],               // [n, 61b]
        };
        return cat([.. levels.Select(UnitAverage)], 1);
    }

    /// <summary>The global average of the last level, as it is: what the projection head of the slice stage sees.</summary>
    /// <param name="slices">[n, 1 or 3, H, W].</param>
    /// <returns>[n, 32·base].</returns>
    public Tensor Pooled(Tensor slices)
    {
        using var scope = NewDisposeScope();
        var last = _stage4.forward(_stage3.forward(_stage2.forward(_stage1.forward(Pool(Stem(slices))))));
        return Average(last).MoveToOuterDisposeScope();
    }

    /// <summary>The maps that a U-Net or a detector joins: stem before its pooling, then the four stages.</summary>
    /// <param name="slices">[n, 1 or 3, H, W].</param>
    /// <returns>Five maps: [n, b, H/2, W/2], [n, 4b, H/4, W/4], [n, 8b, H/8, W/8], [n, 16b, H/16, W/16], [n, 32b, H/32, W/32].</returns>
    public IReadOnlyList<Tensor> Levels(Tensor slices)
    {
        using var scope = NewDisposeScope();
        var stem = Stem(slices);
        var level1 = _stage1.forward(Pool(stem));
        var level2 = _stage2.forward(level1);
        var level3 = _stage3.forward(level2);
        var level4 = _stage4.forward(level3);
        Tensor[] levels = [stem, level1, level2, level3, level4];
        foreach (var level in levels)
            level.MoveToOuterDisposeScope();
        return levels;
    }

    private Tensor Stem(Tensor slices)
    {
        if (slices.dim() != 4 || (slices.shape[1] != _channels && (slices.shape[1] != 1 || _channels != ColourChannels)))
        {
            throw new ArgumentException(
                $"SliceEncoder: slices [{string.Join(", ", slices.shape)}] must be [n, {(_channels == ColourChannels ? "1 or 3" : _channels)}, H, W].", nameof(slices));
        }

        var convolved = slices.shape[1] == _channels
            ? _conv1.forward(slices)
            : functional.conv2d(slices, FoldToOneChannel(_conv1.weight!), strides: [2, 2], padding: [3, 3]);
        return functional.relu(_norm1.forward(convolved));               // [n, b, H/2, W/2]
    }

    /// <summary>Equal channels meet the sum of their kernels: [b, 3, 7, 7] to [b, 1, 7, 7].</summary>
    internal static Tensor FoldToOneChannel(Tensor weight) => weight.sum(1, keepdim: true);

    private static Tensor Pool(Tensor stem) => functional.max_pool2d(stem, 3, 2, 1);

    private static Tensor Average(Tensor level) => level.mean([2, 3]);   // [n, C, h, w] -> [n, C]

    private static Tensor UnitAverage(Tensor level) => UnitRows.Of(Average(level));

    private static Sequential Stage(int channelsIn, int width, int channelsOut, int blocks, int stride)
    {
        var list = new List<Module<Tensor, Tensor>> { new Bottleneck(channelsIn, width, channelsOut, stride) };
        for (var b = 1; b < blocks; b++)
            list.Add(new Bottleneck(channelsOut, width, channelsOut, stride: 1));
        return Sequential(list);
    }
}
