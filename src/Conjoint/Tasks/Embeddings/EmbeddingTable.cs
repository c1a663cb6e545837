namespace Conjoint.Tasks.Embeddings;

/// <summary>Vectors with the names of what they stand for.</summary>
/// <param name="Level">What a row stands for.</param>
/// <param name="Width">Numbers in a row.</param>
/// <param name="Rows">The names, one a row.</param>
public sealed record EmbeddingTable(EmbeddingLevel Level, int Width, IReadOnlyList<EmbeddingRow> Rows);

/// <summary>What one vector stands for.</summary>
/// <param name="Id">The scan's name.</param>
/// <param name="Source">The file or folder, beginning with the name of what the user named.</param>
/// <param name="Slice">The slice in stored order, from 0; null for a whole scan.</param>
public sealed record EmbeddingRow(string Id, string Source, int? Slice);
