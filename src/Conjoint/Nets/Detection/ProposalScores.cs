using static TorchSharp.torch;

namespace Conjoint.Nets.Detection;

/// <summary>What the proposal network says about every anchor of a batch.</summary>
/// <param name="Anchors">N anchors, level after level; the same on every image.</param>
/// <param name="LevelSizes">How many of them each level has.</param>
/// <param name="Objectness">Logits [B, N].</param>
/// <param name="Deltas">[B, N, 4].</param>
internal sealed record ProposalScores(BoxCorners[] Anchors, IReadOnlyList<int> LevelSizes, Tensor Objectness, Tensor Deltas);
