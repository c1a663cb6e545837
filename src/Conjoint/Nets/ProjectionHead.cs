using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>The head of the slice stage: from the encoder's pooled last level to z of Eq. (1).</summary>
/// <remarks>SwAV's: linear, batch norm, ReLU, linear; names <c>0.*</c>, <c>1.*</c> (absent without batch norm) and <c>3.*</c>, as there.</remarks>
public sealed class ProjectionHead : Module<Tensor, Tensor>
{
    [ComponentName(Name = "0")] private readonly Linear _hidden;
    [ComponentName(Name = "1")] private readonly BatchNorm1d? _norm;
    [ComponentName(Name = "3")] private readonly Linear _output;

    /// <summary>Makes the head, on the CPU, in float32.</summary>
    /// <param name="inputWidth">Width of the encoder's pooled feature; 2048 for ResNet-50.</param>
    /// <param name="hiddenWidth">2048 in SwAV.</param>
    /// <param name="outputWidth">Width of z; 128 in SwAV.</param>
    /// <param name="batchNorm">SwAV normalises the hidden layer; DeepCluster-v2, in the paper's preset, does not.</param>
    /// <param name="name">The module's name.</param>
    public ProjectionHead(int inputWidth, int hiddenWidth, int outputWidth, bool batchNorm, string name = "projection_head")
        : base(name)
    {
        _hidden = Linear(inputWidth, hiddenWidth);
        _norm = batchNorm ? BatchNorm1d(hiddenWidth) : null;
        _output = Linear(hiddenWidth, outputWidth);
        InputWidth = inputWidth;
        RegisterComponents();
    }

    /// <summary>Width of what goes in.</summary>
    public int InputWidth { get; }

    /// <summary>z of Eq. (1).</summary>
    /// <param name="pooled">[n, <see cref="InputWidth"/>].</param>
    /// <returns>[n, output width], unit rows; the caller's.</returns>
    /// <exception cref="ArgumentException">The input is of another width.</exception>
    public override Tensor forward(Tensor pooled)
    {
        if (pooled.dim() != 2 || pooled.shape[1] != InputWidth)
            throw new ArgumentException($"ProjectionHead: input [{string.Join(", ", pooled.shape)}] must be [n, {InputWidth}].", nameof(pooled));
        using var scope = NewDisposeScope();
        var hidden = _hidden.forward(pooled);                                               // [n, hidden]
        hidden = functional.relu(_norm?.forward(hidden) ?? hidden);
        return UnitRows.Of(_output.forward(hidden)).MoveToOuterDisposeScope();
    }
}
