namespace Conjoint.Tasks.Embeddings;

/// <summary>What an embedding stands for.</summary>
public enum EmbeddingLevel
{
    /// <summary>One slice: the multi-level feature of the slice encoder.</summary>
    Slice,

    /// <summary>A whole volume: the unit vector of the volume encoder over all its slices.</summary>
    Volume,
}
