using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>One step up in three axes: nearest neighbours to the next size, the encoder's map beside it, twice 3³ convolution, batch norm, ReLU.</summary>
internal sealed class UNet3dDecoderBlock : Module<Tensor, Tensor?, long[], Tensor>
{
    [ComponentName(Name = "conv1")] private readonly Sequential _conv1;
    [ComponentName(Name = "conv2")] private readonly Sequential _conv2;

    public UNet3dDecoderBlock(int channelsIn, int channelsOut)
        : base(nameof(UNet3dDecoderBlock))
    {
        _conv1 = ConvolutionNormReLU(channelsIn, channelsOut);
        _conv2 = ConvolutionNormReLU(channelsOut, channelsOut);
        RegisterComponents();
    }

    /// <param name="below">[n, C, d, h, w].</param>
    /// <param name="skip">[n, S, D, H, W]; null at the top.</param>
    /// <param name="size">D, H and W.</param>
    public override Tensor forward(Tensor below, Tensor? skip, long[] size)
    {
        using var scope = NewDisposeScope();
        var x = functional.interpolate(below, size: size, mode: InterpolationMode.Nearest); // [n, C, D, H, W]
        if (skip is not null)
            x = cat([x, skip], 1);                                                          // [n, C + S, D, H, W]
        return _conv2.forward(_conv1.forward(x)).MoveToOuterDisposeScope();
    }

    private static Sequential ConvolutionNormReLU(int channelsIn, int channelsOut)
    {
        var convolution = Conv3d(channelsIn, channelsOut, 3, padding: 1, bias: false);
        init.kaiming_uniform_(convolution.weight!, nonlinearity: init.NonlinearityType.ReLU);
        return Sequential(convolution, BatchNorm3d(channelsOut), ReLU());
    }
}
