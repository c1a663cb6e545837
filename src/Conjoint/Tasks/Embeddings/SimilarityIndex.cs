namespace Conjoint.Tasks.Embeddings;

/// <summary>Finds the slices or scans whose vectors point the same way as a given one: the most similar cases.</summary>
/// <remarks>Every vector is looked at: time and memory grow with their number.</remarks>
public sealed class SimilarityIndex
{
    private readonly ScanVectors _vectors;
    private readonly double[] _norms;

    /// <summary>An index of vectors, which it keeps and doesn't copy.</summary>
    /// <param name="vectors">Those to search in.</param>
    public SimilarityIndex(ScanVectors vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        _vectors = vectors;
        _norms = [.. Enumerable.Range(0, vectors.Table.Rows.Count).Select(row => Math.Sqrt(Dot(vectors.Vector(row), vectors.Vector(row))))];
    }

    /// <summary>The nearest by cosine similarity, the most similar first; equal ones in the order of their rows.</summary>
    /// <param name="query">[F].</param>
    /// <param name="count">How many at most; at least 1.</param>
    /// <returns>Names with cosines in [−1, 1]; a vector without direction (all zeros) has 0.</returns>
    /// <exception cref="ArgumentException">The query has another width than the vectors, or no direction.</exception>
    public IReadOnlyList<SimilarCase> Nearest(ReadOnlySpan<float> query, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (query.Length != _vectors.Table.Width)
            throw new ArgumentException($"has {query.Length} numbers; expected {_vectors.Table.Width}, as the vectors that are searched in", nameof(query));
        var norm = Math.Sqrt(Dot(query, query));
        if (!(norm > 0 && double.IsFinite(norm)))
            throw new ArgumentException("has no direction: its numbers are all zero, or not finite", nameof(query));

        var cosines = new double[_norms.Length];
        for (var row = 0; row < cosines.Length; row++)
            cosines[row] = _norms[row] > 0 ? Math.Clamp(Dot(query, _vectors.Vector(row)) / (norm * _norms[row]), -1, 1) : 0;
        return [.. Enumerable.Range(0, cosines.Length).OrderByDescending(row => cosines[row]).Take(count).Select(row => new SimilarCase(_vectors.Table.Rows[row], cosines[row]))];
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}

/// <summary>A case that was found.</summary>
/// <param name="Row">What it is.</param>
/// <param name="Similarity">Cosine of the angle between its vector and the query's, in [−1, 1].</param>
public sealed record SimilarCase(EmbeddingRow Row, double Similarity);
