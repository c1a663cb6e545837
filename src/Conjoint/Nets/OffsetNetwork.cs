using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>θ_offset of Eq. (7), one for all heads: how far each sampling point moves from its place on the grid.</summary>
internal sealed class OffsetNetwork : Module<Tensor, Tensor>
{
    /// <summary>Width of the convolution along the slices.</summary>
    public const int Kernel = 6;

    /// <summary>r: slices a sample stands for.</summary>
    public const int Stride = 4;

    /// <summary>Zeros before and after the slices.</summary>
    public const int Margin = 1;

    /// <summary>The farthest a point moves, in cells of the grid.</summary>
    public const double Scale = 2;

    [ComponentName(Name = "depthwise")] private readonly Conv1d _depthwise;
    [ComponentName(Name = "pointwise")] private readonly Conv1d _pointwise;

    public OffsetNetwork(int headWidth)
        : base(nameof(OffsetNetwork))
    {
        _depthwise = Conv1d(headWidth, headWidth, Kernel, stride: Stride, padding: Margin, groups: headWidth);
        _pointwise = Conv1d(headWidth, 1, 1, bias: false);
        RegisterComponents();
    }

    /// <param name="queries">[B, H, N, w], zero where there is no slice.</param>
    /// <returns>[B, H, M], in cells of the grid, between −2 and 2.</returns>
    public override Tensor forward(Tensor queries)
    {
        using var scope = NewDisposeScope();
        var (batch, heads, length, width) = (queries.shape[0], queries.shape[1], queries.shape[2], queries.shape[3]);
        var x = queries.reshape(batch * heads, length, width).transpose(1, 2);              // [BH, w, N]
        if (length < Kernel - 2 * Margin)
            x = functional.pad(x, [0, Kernel - 2 * Margin - length]);                       // [BH, w, 4]
        x = functional.gelu(_depthwise.forward(x));                                         // [BH, w, M]
        x = _pointwise.forward(x).tanh() * Scale;                                           // [BH, 1, M]
        return x.reshape(batch, heads, -1).MoveToOuterDisposeScope();
    }
}
