using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>A U-Net of 3D convolutions whose contracting path is a <see cref="ResNet3d"/>: the segmenter of the paper's 3D baselines.</summary>
/// <remarks>The expanding path is that of <see cref="UNet"/> with a third axis. Names: <c>encoder.*</c>, <c>decoder.i.conv1|conv2.0|1.*</c>, <c>segmentation_head.weight|bias</c>.</remarks>
public sealed class UNet3d : Module<Tensor, Tensor>
{
    [ComponentName(Name = "encoder")] private readonly ResNet3d _encoder;
    [ComponentName(Name = "decoder")] private readonly ModuleList<UNet3dDecoderBlock> _decoder;
    [ComponentName(Name = "segmentation_head")] private readonly Conv3d _head;

    /// <summary>Makes the decoder at random beside a given encoder, on the CPU, in float32.</summary>
    /// <param name="encoder">The contracting path, which goes on to train; disposed together with the U-Net.</param>
    /// <param name="classes">Classes, the background among them; at least 1.</param>
    /// <param name="settings">The decoder's widths; null for <see cref="UNet"/>'s.</param>
    /// <param name="name">The module's name.</param>
    /// <exception cref="ArgumentException">Classes or widths are not positive, or not five widths are given.</exception>
    public UNet3d(ResNet3d encoder, int classes, UNetSettings? settings = null, string name = "unet_3d")
        : base(name)
    {
        settings ??= new UNetSettings();
        if (classes < 1 || settings.Faults().ToList() is [_, ..])
            throw new ArgumentException($"UNet3d: {classes} classes and decoder widths [{string.Join(", ", settings.DecoderWidths)}] must be positive, five widths.", nameof(settings));
        _encoder = encoder;
        var width = encoder.Settings.BaseWidth;
        var widths = settings.WidthsFor(width);
        int[] skips = [16 * width, 8 * width, 4 * width, width, 0];
        var blocks = new List<UNet3dDecoderBlock>();
        var below = 32 * width;
        foreach (var (own, skip) in widths.Zip(skips))
        {
            blocks.Add(new UNet3dDecoderBlock(below + skip, own));
            below = own;
        }

        _decoder = new ModuleList<UNet3dDecoderBlock>([.. blocks]);
        _head = Conv3d(below, classes, 3, padding: 1);
        init.xavier_uniform_(_head.weight!);
        init.zeros_(_head.bias!);
        Classes = classes;
        RegisterComponents();
    }

    /// <summary>Classes, the background among them.</summary>
    public int Classes { get; }

    /// <summary>The contracting path.</summary>
    public ResNet3d Encoder => _encoder;

    /// <summary>Class scores of every voxel.</summary>
    /// <param name="volumes">[n, C, D, H, W].</param>
    /// <returns>Logits [n, classes, D, H, W]; the caller's.</returns>
    public override Tensor forward(Tensor volumes)
    {
        using var scope = NewDisposeScope();
        var levels = _encoder.Levels(volumes);
        var x = levels[^1];                                                                 // [n, 32b, D/16, H/32, W/32]
        for (var b = 0; b < _decoder.Count; b++)
        {
            var skip = levels.Count - 2 - b;
            x = skip >= 0
                ? _decoder[b].forward(x, levels[skip], levels[skip].shape[^3..])
                : _decoder[b].forward(x, null, volumes.shape[^3..]);
        }

        return _head.forward(x).MoveToOuterDisposeScope();
    }
}
