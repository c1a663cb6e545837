using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Objectives;

/// <summary>
/// DeepCluster-v2's memory: the embeddings of the assigned crops from the last pass over the samples, to be clustered before the
/// next.
/// </summary>
/// <remarks>
/// A sample's index is unique over all data sets of the run. (The release counts each data set from 0, so that targets of different
/// samples collide; that is not reproduced.)
/// </remarks>
public sealed class MemoryBank : IDisposable
{
    /// <summary>The target of a sample without assignment; cross-entropy passes it by.</summary>
    public const long Ignored = -100;

    private const string IndicesName = "memory_index";
    private const string EmbeddingsName = "memory_embeddings";

    private readonly Tensor _indices;
    private readonly Tensor _embeddings;

    /// <summary>Makes an empty bank.</summary>
    /// <param name="assignedCrops">A: crops that are remembered.</param>
    /// <param name="rows">R: samples a pass (this process's; a partial last batch is dropped).</param>
    /// <param name="width">F: width of the embeddings.</param>
    /// <param name="type">Element type; null for float32.</param>
    /// <param name="device">Where it lives; null for the CPU.</param>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    public MemoryBank(int assignedCrops, long rows, int width, ScalarType? type = null, Device? device = null)
    {
        if (assignedCrops < 1 || rows < 1 || width < 1)
            throw new ArgumentException($"MemoryBank: {assignedCrops} crops, {rows} rows of width {width} must be positive.", nameof(rows));
        _indices = full(rows, Ignored, dtype: ScalarType.Int64, device: device).DetachFromDisposeScope();
        _embeddings = zeros([assignedCrops, rows, width], dtype: type ?? ScalarType.Float32, device: device).DetachFromDisposeScope();
    }

    /// <summary>R: samples a pass.</summary>
    public long RowCount => _indices.shape[0];

    /// <summary>A: crops that are remembered.</summary>
    public int CropCount => (int)_embeddings.shape[0];

    /// <summary>Which sample each row holds, [R] int64; a view. Rows not yet written hold <see cref="Ignored"/>.</summary>
    public Tensor Indices => _indices;

    /// <summary>The embeddings of an assigned crop, [R, F]; a view that later batches change.</summary>
    public Tensor Embeddings(int assignedCrop) => _embeddings[assignedCrop];

    /// <summary>Remembers a batch.</summary>
    /// <param name="row">First row: samples seen before it in this pass.</param>
    /// <param name="indices">Which samples, [B].</param>
    /// <param name="embeddings">One [B, F] for each assigned crop, unit rows; copied.</param>
    /// <exception cref="ArgumentException">The batch does not fit the bank.</exception>
    public void Store(long row, IReadOnlyList<long> indices, IReadOnlyList<Tensor> embeddings)
    {
        if (row < 0 || row + indices.Count > RowCount || indices.Any(i => i < 0))
            throw new ArgumentException($"MemoryBank: {indices.Count} samples at row {row} do not fit {RowCount} rows, or an index is negative.", nameof(indices));
        if (embeddings.Count != CropCount || embeddings.Any(e => e.dim() != 2 || e.shape[0] != indices.Count || e.shape[1] != _embeddings.shape[2]))
            throw new ArgumentException($"MemoryBank: expected {CropCount} tensors [{indices.Count}, {_embeddings.shape[2]}].", nameof(embeddings));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _indices.narrow(0, row, indices.Count).copy_(tensor([.. indices], ScalarType.Int64));
        for (var a = 0; a < embeddings.Count; a++)
            _embeddings[a].narrow(0, row, indices.Count).copy_(embeddings[a]);
    }

    /// <summary>Spreads a clustering of the rows over all samples of the run.</summary>
    /// <param name="assignments">Cluster of each row, [R] int64.</param>
    /// <param name="sampleCount">Samples of all data sets together.</param>
    /// <param name="group">The processes among which the samples are divided; each sample is in at most one of their banks.</param>
    /// <returns>[sampleCount] int64: cluster of each sample, <see cref="Ignored"/> where no bank holds it. The caller's.</returns>
    public Tensor Targets(Tensor assignments, long sampleCount, IProcessGroup group)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // Clusters count from 1 here, so that 0 is "not in this bank" and the processes' parts add up. Float64 is exact to 2^53.
        var written = (_indices >= 0).nonzero().squeeze(1);
        var clusters = zeros(sampleCount, dtype: ScalarType.Float64, device: _indices.device);
        clusters.index_copy_(0, _indices.index_select(0, written), assignments.index_select(0, written).to(ScalarType.Float64) + 1);
        group.AllReduceSum(clusters);
        var targets = where(clusters > 0, clusters - 1, full_like(clusters, Ignored));
        return targets.to(ScalarType.Int64).MoveToOuterDisposeScope();
    }

    /// <summary>The state as tensors, copies that the caller owns: <c>memory_index</c> [R], <c>memory_embeddings</c> [A, R, F].</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict() => new Dictionary<string, Tensor>
    {
        [IndicesName] = _indices.clone(),
        [EmbeddingsName] = _embeddings.clone(),
    };

    /// <summary>Takes up a state that <see cref="StateDict"/> gave.</summary>
    /// <exception cref="ArgumentException">A tensor is missing or of another shape.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGradient = no_grad();
        StateTensors.Copy(state, IndicesName, _indices);
        StateTensors.Copy(state, EmbeddingsName, _embeddings);
    }

    /// <summary>Frees the bank.</summary>
    public void Dispose()
    {
        _indices.Dispose();
        _embeddings.Dispose();
    }
}
