using System.Text.Json.Serialization;

namespace Conjoint.Training.Settings;

/// <summary>How embeddings are clustered, in stage <c>slices</c> and stage <c>volumes</c> alike.</summary>
public enum ClusteringMethod
{
    /// <summary>Swapped prediction of balanced codes (Caron et al. 2020), Eq. (2)–(5), (11)–(12).</summary>
    Swav,

    /// <summary>Cluster assignments of a memory bank, anew for each epoch (Caron et al. 2018, 2020).</summary>
    [JsonStringEnumMemberName("deepcluster-v2")]
    DeepClusterV2,
}
