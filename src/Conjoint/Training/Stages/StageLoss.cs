using static TorchSharp.torch;

namespace Conjoint.Training.Stages;

/// <summary>What a stage computes for a batch.</summary>
/// <param name="Loss">A scalar with its graph.</param>
/// <param name="Embeddings">[n, F] unit rows, for the collapse monitors; without graph.</param>
/// <param name="Usage">By head, [K]: share of the batch at each prototype; empty in a stage without prototypes.</param>
internal sealed record StageLoss(Tensor Loss, Tensor Embeddings, IReadOnlyList<Tensor> Usage);
