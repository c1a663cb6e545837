using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>A U-Net whose contracting path is the pre-trained <see cref="SliceEncoder"/>: the paper's segmenter.</summary>
/// <remarks>
/// As <c>Unet("resnet50")</c> of segmentation_models_pytorch 0.2.0. Names: <c>encoder.*</c>, <c>decoder.blocks.i.conv1|conv2.0|1.*</c>,
/// <c>segmentation_head.0.weight|bias</c>. Any input size works; that library asks for multiples of 32.
/// <para>
/// Ours, by option: <c>volume_encoder.*</c> relates the slices of a volume, and <c>context.weight|bias</c> adds to the deepest map of each slice what it says about it. That sum
/// begins as 0, so that the net begins as the plain one.
/// </para>
/// </remarks>
public sealed class UNet : Module<Tensor, Tensor>
{
    [ComponentName(Name = "encoder")] private readonly SliceEncoder _encoder;
    [ComponentName(Name = "decoder")] private readonly UNetDecoder _decoder;
    [ComponentName(Name = "volume_encoder")] private readonly VolumeEncoder? _volumeEncoder;
    [ComponentName(Name = "context")] private readonly Linear? _context;
    [ComponentName(Name = "segmentation_head")] private readonly Sequential _head;

    /// <summary>Makes the decoder at random beside a given encoder, on the CPU, in float32.</summary>
    /// <param name="encoder">The contracting path, which goes on to train; disposed together with the U-Net.</param>
    /// <param name="classes">Classes, the background among them; at least 1.</param>
    /// <param name="settings">The decoder's widths; null for segmentation_models_pytorch's.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="context">Relates the slices of a volume; disposed together with the U-Net; null: every slice is looked at alone.</param>
    /// <exception cref="ArgumentException">Classes or widths are not positive, or not five widths are given.</exception>
    public UNet(SliceEncoder encoder, int classes, UNetSettings? settings = null, string name = "unet", VolumeEncoder? context = null)
        : base(name)
    {
        settings ??= new UNetSettings();
        if (classes < 1 || settings.DecoderWidths.Count != 5 || settings.DecoderWidths.Any(w => w < 1))
            throw new ArgumentException($"UNet: {classes} classes and decoder widths [{string.Join(", ", settings.DecoderWidths)}] must be positive, five widths.", nameof(settings));
        var width = encoder.Settings.BaseWidth;
        var widths = settings.WidthsFor(width);
        _encoder = encoder;
        _decoder = new UNetDecoder([width, 4 * width, 8 * width, 16 * width, 32 * width], widths);
        var head = Conv2d(widths[^1], classes, 3, padding: 1);
        init.xavier_uniform_(head.weight!);
        init.zeros_(head.bias!);
        _head = Sequential(head);
        Classes = classes;
        if (context is not null)
        {
            _volumeEncoder = context;
            _context = Linear(context.Settings.Width, 32 * width);
            init.zeros_(_context.weight!);
            init.zeros_(_context.bias!);
        }

        RegisterComponents();
    }

    /// <summary>Classes, the background among them.</summary>
    public int Classes { get; }

    /// <summary>The contracting path.</summary>
    public SliceEncoder Encoder => _encoder;

    /// <summary>Relates the slices of a volume; null where every slice is looked at alone.</summary>
    public VolumeEncoder? VolumeEncoder => _volumeEncoder;

    /// <summary>Class scores of every pixel.</summary>
    /// <param name="slices">[n, 1 or 3, H, W]; with a <see cref="VolumeEncoder"/>, neighbouring slices of one volume in their order.</param>
    /// <returns>Logits [n, classes, H, W]; the caller's.</returns>
    public override Tensor forward(Tensor slices)
    {
        using var scope = NewDisposeScope();
        var levels = _encoder.Levels(slices);                                               // five maps, H/2 to H/32
        return Decode(slices, levels, _volumeEncoder is null ? null : ContextOf(_encoder.FeatureOf(levels))).MoveToOuterDisposeScope();
    }

    /// <summary>Class scores of some slices of a volume whose context is known.</summary>
    /// <param name="slices">[n, 1 or 3, H, W].</param>
    /// <param name="context">Their rows of <see cref="ContextOf"/>, [n, 32·base].</param>
    /// <returns>Logits [n, classes, H, W]; the caller's.</returns>
    internal Tensor InContext(Tensor slices, Tensor context)
    {
        using var scope = NewDisposeScope();
        return Decode(slices, _encoder.Levels(slices), context).MoveToOuterDisposeScope();
    }

    /// <summary>What the slices of one volume say about each other.</summary>
    /// <param name="features">Y of Eq. (9), [N, F_in], of the slices in their order.</param>
    /// <returns>[N, 32·base]; the caller's.</returns>
    internal Tensor ContextOf(Tensor features)
    {
        using var scope = NewDisposeScope();
        var (slices, _) = _volumeEncoder!.Encode(features.unsqueeze(0), [features.shape[0]]);   // [1, N, d]
        return _context!.forward(slices.squeeze(0)).MoveToOuterDisposeScope();
    }

    private Tensor Decode(Tensor slices, IReadOnlyList<Tensor> levels, Tensor? context)
    {
        using var scope = NewDisposeScope();
        if (context is not null)
            levels = [.. levels.Take(4), levels[4] + context.unsqueeze(2).unsqueeze(3)];    // deepest map, [n, 32b, H/32, W/32]
        var decoded = _decoder.forward(levels, slices.shape[^2..]);                         // [n, 16, H, W]
        return _head.forward(decoded).MoveToOuterDisposeScope();
    }
}
