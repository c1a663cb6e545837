using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets.Detection;

/// <summary>From the encoder's four stages to maps of one width, each knowing what the coarser ones saw, and one coarser still.</summary>
/// <remarks>Source: Lin et al., "Feature Pyramid Networks for Object Detection" (2017); names of torchvision.</remarks>
internal sealed class FeaturePyramid : Module<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>
{
    [ComponentName(Name = "inner_blocks")] private readonly ModuleList<Sequential> _inner;
    [ComponentName(Name = "layer_blocks")] private readonly ModuleList<Sequential> _outer;

    /// <param name="stageWidths">Channels of the stages, largest map first.</param>
    /// <param name="width">Channels of every map of the pyramid.</param>
    public FeaturePyramid(IReadOnlyList<int> stageWidths, int width)
        : base(nameof(FeaturePyramid))
    {
        _inner = new ModuleList<Sequential>([.. stageWidths.Select(w => Convolution(w, width, 1))]);
        _outer = new ModuleList<Sequential>([.. stageWidths.Select(_ => Convolution(width, width, 3))]);
        RegisterComponents();
    }

    /// <param name="stages">[B, C_i, H/4, W/4] and so on, each half the size of the one before.</param>
    /// <returns>One map [B, width, h, w] a stage, and the last one again at half its size.</returns>
    public override IReadOnlyList<Tensor> forward(IReadOnlyList<Tensor> stages)
    {
        using var scope = NewDisposeScope();
        var maps = new Tensor[stages.Count + 1];
        Tensor? above = null;
        for (var s = stages.Count - 1; s >= 0; s--)
        {
            var inner = _inner[s].forward(stages[s]);
            above = above is null ? inner : inner + functional.interpolate(above, size: inner.shape[^2..], mode: InterpolationMode.Nearest);
            maps[s] = _outer[s].forward(above);
        }

        maps[^1] = functional.max_pool2d(maps[^2], 1, 2);
        foreach (var map in maps)
            map.MoveToOuterDisposeScope();
        return maps;
    }

    private static Sequential Convolution(int channelsIn, int channelsOut, int size)
    {
        var convolution = Conv2d(channelsIn, channelsOut, size, padding: size / 2);
        init.kaiming_uniform_(convolution.weight!, a: 1);
        init.zeros_(convolution.bias!);
        return Sequential(convolution);
    }
}
