using static TorchSharp.torch;

namespace Conjoint.Training.Clustering;

/// <summary>What a clustering objective gives back for one batch.</summary>
/// <param name="Loss">A scalar with its graph.</param>
/// <param name="Usage">By head, [K]: the share of the batch that went to each prototype; without graph.</param>
internal sealed record ClusterStep(Tensor Loss, IReadOnlyList<Tensor> Usage);
