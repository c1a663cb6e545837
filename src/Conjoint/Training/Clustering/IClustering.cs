using Conjoint.Nets;
using static TorchSharp.torch;

namespace Conjoint.Training.Clustering;

/// <summary>
/// A clustering method as a stage sees it: unit embeddings in, loss out. The same one serves slices, Eq. (3)–(5), and volumes,
/// Eq. (11)–(12).
/// </summary>
internal interface IClustering : IDisposable
{
    /// <summary>C, whose columns are the clusters' centres.</summary>
    Prototypes Prototypes { get; }

    /// <summary>Whether every sample has to be seen once before training.</summary>
    bool NeedsFirstPass { get; }

    /// <summary>Takes up the embeddings of the pass before training.</summary>
    /// <param name="embeddings">By crop, [B, F], unit rows; those of the assigned crops are remembered.</param>
    /// <param name="indices">Which samples, [B].</param>
    /// <param name="row">Samples seen before in this pass.</param>
    /// <returns>Whether they were taken: embeddings that are not finite never are.</returns>
    bool Remember(IReadOnlyList<Tensor> embeddings, long[] indices, long row);

    /// <summary>What happens between epochs.</summary>
    void BeginEpoch(int epoch);

    /// <summary>What happens before each step's forward pass.</summary>
    void BeforeStep();

    /// <summary>The loss of a batch.</summary>
    /// <param name="embeddings">By crop, [B, F], unit rows, with graph.</param>
    /// <param name="indices">Which samples, [B].</param>
    /// <param name="step">Steps of the stage done before this one.</param>
    /// <param name="row">Samples seen before in this epoch.</param>
    ClusterStep Step(IReadOnlyList<Tensor> embeddings, long[] indices, long step, long row);

    /// <summary>What happens between the backward pass and the optimiser.</summary>
    /// <param name="step">Steps of the stage done before this one.</param>
    void AfterBackward(long step);

    /// <summary>What has to be saved beside weights and momentum; copies that the caller owns.</summary>
    IReadOnlyDictionary<string, Tensor> StateDict();

    /// <summary>Takes up what <see cref="StateDict"/> gave.</summary>
    void LoadStateDict(IReadOnlyDictionary<string, Tensor> state);
}
