using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>A residual block of the 3D ResNet-50: 1³, 3³ and 1³ convolution beside a shortcut; the stride sits in the 3³ one, as in <see cref="Bottleneck"/>.</summary>
/// <remarks>Source: Hara et al. 2018, Fig. 3.</remarks>
internal sealed class Bottleneck3d : Module<Tensor, Tensor>
{
    [ComponentName(Name = "conv1")] private readonly Conv3d _conv1;
    [ComponentName(Name = "bn1")] private readonly BatchNorm3d _norm1;
    [ComponentName(Name = "conv2")] private readonly Conv3d _conv2;
    [ComponentName(Name = "bn2")] private readonly BatchNorm3d _norm2;
    [ComponentName(Name = "conv3")] private readonly Conv3d _conv3;
    [ComponentName(Name = "bn3")] private readonly BatchNorm3d _norm3;
    [ComponentName(Name = "downsample")] private readonly Sequential? _shortcut;

    public Bottleneck3d(int channelsIn, int width, int channelsOut, int stride)
        : base(nameof(Bottleneck3d))
    {
        _conv1 = Conv3d(channelsIn, width, 1, bias: false);
        _norm1 = BatchNorm3d(width);
        _conv2 = Conv3d(width, width, 3, stride: stride, padding: 1, bias: false);
        _norm2 = BatchNorm3d(width);
        _conv3 = Conv3d(width, channelsOut, 1, bias: false);
        _norm3 = BatchNorm3d(channelsOut);
        if (stride != 1 || channelsIn != channelsOut)
            _shortcut = Sequential(Conv3d(channelsIn, channelsOut, 1, stride: stride, bias: false), BatchNorm3d(channelsOut));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)                            // [n, C, D, H, W]
    {
        using var scope = NewDisposeScope();
        var y = functional.relu(_norm1.forward(_conv1.forward(x)));     // [n, w, D, H, W]
        y = functional.relu(_norm2.forward(_conv2.forward(y)));         // [n, w, D/stride, H/stride, W/stride]
        y = _norm3.forward(_conv3.forward(y));                          // [n, 4w, D/stride, H/stride, W/stride]
        return functional.relu(y + (_shortcut?.forward(x) ?? x)).MoveToOuterDisposeScope();
    }
}
