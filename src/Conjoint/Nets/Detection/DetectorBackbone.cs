using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets.Detection;

/// <summary>The pre-trained encoder and the feature pyramid on its four stages.</summary>
internal sealed class DetectorBackbone : Module<Tensor, IReadOnlyList<Tensor>>
{
    [ComponentName(Name = "body")] private readonly SliceEncoder _encoder;
    [ComponentName(Name = "fpn")] private readonly FeaturePyramid _pyramid;

    public DetectorBackbone(SliceEncoder encoder, int width)
        : base(nameof(DetectorBackbone))
    {
        var b = encoder.Settings.BaseWidth;
        _encoder = encoder;
        _pyramid = new FeaturePyramid([4 * b, 8 * b, 16 * b, 32 * b], width);
        RegisterComponents();
    }

    public SliceEncoder Encoder => _encoder;

    /// <param name="slices">[B, 1 or 3, H, W].</param>
    /// <returns>P2 to P6: [B, width, H/4, W/4] to [B, width, H/64, W/64].</returns>
    public override IReadOnlyList<Tensor> forward(Tensor slices)
    {
        using var scope = NewDisposeScope();
        Tensor[] stages = [.. _encoder.Levels(slices).Skip(1)];   // without the stem
        var maps = _pyramid.forward(stages);
        foreach (var map in maps)
            map.MoveToOuterDisposeScope();
        return maps;
    }
}
