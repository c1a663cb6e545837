using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Conjoint.Objectives;

/// <summary>
/// SwAV's queue: the last embeddings of each assigned crop. They take part in Eq. (2) where a batch is smaller than the number of
/// prototypes.
/// </summary>
/// <remarks>Newest first, as in SwAV's code. Not used before it is full, so that codes never come from empty rows.</remarks>
[SuppressMessage("Naming", "CA1711", Justification = "SwAV calls it the queue.")]
public sealed class EmbeddingQueue : IDisposable
{
    private const string RowsName = "queue";
    private const string FilledName = "queue_filled";
    private const string AgeName = "queue_age";

    private readonly Tensor _rows;
    private long _filled;
    private long _age;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="assignedCrops">A: crops whose codes are computed.</param>
    /// <param name="length">Q: rows kept for each of them; at least 1.</param>
    /// <param name="width">F: width of the embeddings.</param>
    /// <param name="type">Element type; null for float32.</param>
    /// <param name="device">Where it lives; null for the CPU.</param>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    public EmbeddingQueue(int assignedCrops, int length, int width, ScalarType? type = null, Device? device = null)
    {
        if (assignedCrops < 1 || length < 1 || width < 1)
            throw new ArgumentException($"EmbeddingQueue: {assignedCrops} crops, {length} rows of width {width} must be positive.", nameof(length));
        _rows = zeros(assignedCrops, length, width, dtype: type ?? ScalarType.Float32, device: device).DetachFromDisposeScope();
    }

    /// <summary>Whether every row holds an embedding; only then <see cref="Rows(int)"/> may be used.</summary>
    public bool IsFull => _filled >= _rows.shape[1];

    /// <summary>Q: rows kept for each assigned crop.</summary>
    public int Length => (int)_rows.shape[1];

    /// <summary>Batches pushed since it became full; 0 before and at the push that filled it.</summary>
    public long Age => _age;

    /// <summary>The rows of an assigned crop, [Q, F], newest first; a view that later pushes change.</summary>
    public Tensor Rows(int assignedCrop) => _rows[assignedCrop];

    /// <summary>The newest rows of an assigned crop, [count, F], newest first; a view that later pushes change.</summary>
    public Tensor Rows(int assignedCrop, int count) => _rows[assignedCrop].narrow(0, 0, count);

    /// <summary>
    /// The ramp: how many of its newest rows take part in Eq. (2). None before it is full, then a share that grows by 1/steps with
    /// every batch until all do.
    /// </summary>
    /// <param name="rampSteps">Batches until all rows take part; 0 or 1: all from the first on, as in SwAV's code.</param>
    public int RowsInUse(int rampSteps)
    {
        if (!IsFull)
            return 0;
        var share = Math.Min(1, (_age + 1) / (double)Math.Max(1, rampSteps));
        return (int)Math.Ceiling(Length * share);
    }

    /// <summary>Puts a batch in front and drops as many rows at the end; after the batch's own codes were computed.</summary>
    /// <param name="embeddings">One [B, F] for each assigned crop; copied.</param>
    /// <exception cref="ArgumentException">Their number or width is not the queue's, or their lengths differ.</exception>
    public void Push(IReadOnlyList<Tensor> embeddings)
    {
        if (embeddings.Count != _rows.shape[0] || embeddings.Any(e => e.dim() != 2 || e.shape[1] != _rows.shape[2] || e.shape[0] != embeddings[0].shape[0]))
            throw new ArgumentException($"EmbeddingQueue: expected {_rows.shape[0]} tensors [B, {_rows.shape[2]}] of one length.", nameof(embeddings));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var batch = embeddings[0].shape[0];
        var length = _rows.shape[1];
        for (var a = 0; a < embeddings.Count; a++)
        {
            var moved = cat([embeddings[a].to(_rows.dtype), _rows[a]], 0).narrow(0, 0, length);
            _rows[a].copy_(moved);
        }

        _age = IsFull ? _age + 1 : 0;
        _filled = Math.Min(length, _filled + batch);
    }

    /// <summary>The state as tensors, copies that the caller owns: <c>queue</c> [A, Q, F], <c>queue_filled</c> and <c>queue_age</c> (int64).</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict() => new Dictionary<string, Tensor>
    {
        [RowsName] = _rows.clone(),
        [FilledName] = tensor(_filled, dtype: ScalarType.Int64),
        [AgeName] = tensor(_age, dtype: ScalarType.Int64),
    };

    /// <summary>Takes up a state that <see cref="StateDict"/> gave.</summary>
    /// <exception cref="ArgumentException">A tensor is missing or of another shape.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        StateTensors.Copy(state, RowsName, _rows);
        _filled = StateTensors.Find(state, FilledName).cpu().item<long>();
        _age = StateTensors.Find(state, AgeName).cpu().item<long>();
    }

    /// <summary>Frees the rows.</summary>
    public void Dispose() => _rows.Dispose();
}
