using Conjoint.Runtime;
using static TorchSharp.torch;

namespace Conjoint.Objectives;

/// <summary>K-means on the unit sphere, as DeepCluster-v2 runs it once an epoch: assign by the largest dot product, average, normalise.</summary>
/// <remarks>Ties go to the lower index. A cluster that loses all its samples keeps its centroid.</remarks>
/// <param name="settings">The number of rounds.</param>
/// <param name="group">The processes among which the samples are divided.</param>
public sealed class SphericalKMeans(SphericalKMeansSettings settings, IProcessGroup group)
{
    // The scores of this many rows at a time are in memory, whatever the size of the bank.
    private const long ChunkRows = 16384;

    private readonly SphericalKMeansSettings _settings = settings.Iterations >= 1
        ? settings
        : throw new ArgumentException($"SphericalKMeans: iterations {settings.Iterations} must be at least 1.", nameof(settings));

    /// <summary>Draws K different rows to start from.</summary>
    /// <param name="rows">R: rows of all processes' banks together.</param>
    /// <param name="clusters">K, at most R.</param>
    /// <param name="draw">Gives a number from 0 to n − 1 for n; the only source of chance.</param>
    /// <exception cref="ArgumentException">There are more clusters than rows.</exception>
    public static long[] DrawRows(long rows, int clusters, Func<int, int> draw)
    {
        if (clusters < 1 || clusters > rows)
            throw new ArgumentException($"SphericalKMeans: {clusters} clusters of {rows} samples; there must be at least as many samples as clusters.", nameof(clusters));
        // The first K places of a shuffle; only places that were swapped are kept.
        var swapped = new Dictionary<long, long>();
        var drawn = new long[clusters];
        for (var k = 0; k < clusters; k++)
        {
            var place = k + (long)draw((int)Math.Min(rows - k, int.MaxValue));
            drawn[k] = swapped.GetValueOrDefault(place, place);
            swapped[place] = swapped.GetValueOrDefault(k, k);
        }

        return drawn;
    }

    /// <summary>The centroids to start from, the same on every process.</summary>
    /// <param name="embeddings">[R, F], this process's samples; R may differ between processes.</param>
    /// <param name="rows">K row numbers, counted over the samples of all processes in the order of their ranks; the same on each.</param>
    /// <returns>[K, F]; the caller's.</returns>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    public Tensor Start(Tensor embeddings, long[] rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (first, total) = Share(embeddings.shape[0]);
        if (rows.Any(row => row < 0 || row >= total))
            throw new ArgumentException($"SphericalKMeans: rows [{string.Join(", ", rows)}] must lie between 0 and {total - 1}.", nameof(rows));
        // Every process adds the rows that it holds to zeros.
        var own = Enumerable.Range(0, rows.Length).Where(k => rows[k] >= first && rows[k] < first + embeddings.shape[0]).ToArray();
        var start = zeros(rows.Length, embeddings.shape[1], dtype: embeddings.dtype, device: embeddings.device);
        if (own.Length > 0)
        {
            var places = tensor([.. own.Select(k => (long)k)], ScalarType.Int64).to(embeddings.device);
            var held = tensor([.. own.Select(k => rows[k] - first)], ScalarType.Int64).to(embeddings.device);
            start.index_copy_(0, places, embeddings.index_select(0, held));
        }

        group.AllReduceSum(start);
        return start.MoveToOuterDisposeScope();
    }

    /// <summary>Clusters the samples of all processes.</summary>
    /// <param name="embeddings">[R, F] unit rows, this process's samples.</param>
    /// <param name="start">[K, F], the same on every process.</param>
    /// <returns>Centroids [K, F], unit rows; Assignments [R] int64 of this process's samples. Both the caller's, without gradient.</returns>
    /// <exception cref="ArgumentException">The widths differ.</exception>
    public (Tensor Centroids, Tensor Assignments) Cluster(Tensor embeddings, Tensor start)
    {
        if (embeddings.dim() != 2 || start.dim() != 2 || embeddings.shape[1] != start.shape[1])
            throw new ArgumentException($"SphericalKMeans: embeddings [{string.Join(", ", embeddings.shape)}] and centroids [{string.Join(", ", start.shape)}] must be [R, F] and [K, F].", nameof(start));
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var centroids = start.clone();
        for (var round = 0; round < _settings.Iterations; round++)
        {
            using var inner = NewDisposeScope();
            var next = Means(embeddings, Assign(embeddings, centroids), centroids).MoveToOuterDisposeScope();
            centroids.Dispose();
            centroids = next;
        }

        var assignments = Assign(embeddings, centroids);
        return (centroids.MoveToOuterDisposeScope(), assignments.MoveToOuterDisposeScope());
    }

    /// <summary>The nearest centroid of each row, [R].</summary>
    private static Tensor Assign(Tensor embeddings, Tensor centroids)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (var row = 0L; row < embeddings.shape[0]; row += ChunkRows)
        {
            using var inner = NewDisposeScope();
            var rows = embeddings.narrow(0, row, Math.Min(ChunkRows, embeddings.shape[0] - row));
            parts.Add(nn.functional.linear(rows, centroids).argmax(1).MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    /// <summary>The unit mean of each cluster over all processes; an empty one keeps its centroid.</summary>
    private Tensor Means(Tensor embeddings, Tensor assignments, Tensor centroids)
    {
        var sums = zeros_like(centroids).index_add_(0, assignments, embeddings, 1);         // [K, F]
        var counts = zeros(centroids.shape[0], dtype: centroids.dtype, device: centroids.device)
            .index_add_(0, assignments, ones_like(assignments).to(centroids.dtype), 1);     // [K]
        group.AllReduceSum(sums);
        group.AllReduceSum(counts);
        var means = sums / counts.clamp(min: 1).unsqueeze(1);
        var next = where((counts > 0).unsqueeze(1), means, centroids);
        return nn.functional.normalize(next, p: 2, dim: 1);
    }

    /// <summary>The number of this process's first row among those of all processes, and how many they are together.</summary>
    private (long First, long Total) Share(long rows)
    {
        if (group.WorldSize == 1)
            return (0, rows);
        var counts = zeros(group.WorldSize, dtype: ScalarType.Float64);
        counts[group.Rank] = rows;
        group.AllReduceSum(counts);
        var all = counts.data<double>().ToArray();
        return ((long)all.Take(group.Rank).Sum(), (long)all.Sum());
    }
}
