using static TorchSharp.torch;

namespace Conjoint.Tasks.Detection;

/// <summary>The four parts of a detector's loss, scalars.</summary>
/// <param name="Objectness">Whether an anchor is something: binary cross-entropy.</param>
/// <param name="Anchors">Where its box is: smooth L1.</param>
/// <param name="Classes">What a region is: cross-entropy.</param>
/// <param name="Boxes">Where its box is: smooth L1.</param>
public sealed record DetectorLosses(Tensor Objectness, Tensor Anchors, Tensor Classes, Tensor Boxes)
{
    /// <summary>Their sum; the caller's.</summary>
    public Tensor Total()
    {
        using var scope = NewDisposeScope();
        return (Objectness + Anchors + Classes + Boxes).MoveToOuterDisposeScope();
    }
}
