namespace Conjoint.Tasks.Embeddings;

/// <summary>The vectors of slices or scans.</summary>
/// <param name="Table">What each row stands for.</param>
/// <param name="Values">[n·F], row after row.</param>
public sealed record ScanVectors(EmbeddingTable Table, float[] Values)
{
    /// <summary>One vector, [F].</summary>
    /// <param name="row">From 0.</param>
    public ReadOnlySpan<float> Vector(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Table.Rows.Count);
        return Values.AsSpan(row * Table.Width, Table.Width);
    }
}
