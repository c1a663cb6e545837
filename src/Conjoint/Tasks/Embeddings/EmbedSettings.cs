using Conjoint.Data;
using Conjoint.Imaging;

namespace Conjoint.Tasks.Embeddings;

/// <summary>How scans are turned into vectors.</summary>
public sealed record EmbedSettings
{
    /// <summary>A row a slice, or a row a scan; null takes volumes where the weights can, and slices otherwise.</summary>
    public EmbeddingLevel? Level { get; init; }

    /// <summary>What plain images are: single images, slices of a volume, or as their names tell.</summary>
    public PrepareAs As { get; init; } = PrepareAs.Auto;

    /// <summary>Modality of every input; null recognises CT by its values.</summary>
    public Modality? Modality { get; init; }

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";
}
