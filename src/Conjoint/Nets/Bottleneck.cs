using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>
/// A residual block of ResNet-50: 1×1, 3×3 and 1×1 convolution beside a shortcut; the stride sits in the 3×3 one (v1.5).
/// </summary>
/// <remarks>Source: He et al. 2016, Fig. 5; names of torchvision.</remarks>
internal sealed class Bottleneck : Module<Tensor, Tensor>
{
    [ComponentName(Name = "conv1")] private readonly Conv2d _conv1;
    [ComponentName(Name = "bn1")] private readonly BatchNorm2d _norm1;
    [ComponentName(Name = "conv2")] private readonly Conv2d _conv2;
    [ComponentName(Name = "bn2")] private readonly BatchNorm2d _norm2;
    [ComponentName(Name = "conv3")] private readonly Conv2d _conv3;
    [ComponentName(Name = "bn3")] private readonly BatchNorm2d _norm3;
    [ComponentName(Name = "downsample")] private readonly Sequential? _shortcut;

    public Bottleneck(int channelsIn, int width, int channelsOut, int stride)
        : base(nameof(Bottleneck))
    {
        _conv1 = Conv2d(channelsIn, width, 1, bias: false);
        _norm1 = BatchNorm2d(width);
        _conv2 = Conv2d(width, width, 3, stride: stride, padding: 1, bias: false);
        _norm2 = BatchNorm2d(width);
        _conv3 = Conv2d(width, channelsOut, 1, bias: false);
        _norm3 = BatchNorm2d(channelsOut);
        if (stride != 1 || channelsIn != channelsOut)
            _shortcut = Sequential(Conv2d(channelsIn, channelsOut, 1, stride: stride, bias: false), BatchNorm2d(channelsOut));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)                            // [n, C, H, W]
    {
        using var scope = NewDisposeScope();
        var y = functional.relu(_norm1.forward(_conv1.forward(x)));     // [n, w, H, W]
        y = functional.relu(_norm2.forward(Spread(y)));                 // [n, w, H/stride, W/stride]
        y = _norm3.forward(_conv3.forward(y));                          // [n, 4w, H/stride, W/stride]
        y = functional.relu(y + (_shortcut?.forward(x) ?? x));
        return y.MoveToOuterDisposeScope();
    }

    /// <summary>The 3×3 convolution.</summary>
    /// <remarks>
    /// On maps of one pixel the stride has no meaning; but with a stride of 2, oneDNN's bf16 gradient of the weights reads memory
    /// that nobody wrote (libtorch 2.10, processors with avx512_bf16), and NaN or worse gets into training.
    /// </remarks>
    private Tensor Spread(Tensor y) =>
        y.dtype == ScalarType.BFloat16 && y.shape[2] == 1 && y.shape[3] == 1
            ? functional.conv2d(y, _conv2.weight!, padding: [1, 1])
            : _conv2.forward(y);
}
