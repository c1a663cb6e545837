using System.Text.Json.Serialization;

namespace Conjoint.Data.Augmentation;

/// <summary>An axis of a volume in memory.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VolumeAxis>))]
public enum VolumeAxis
{
    /// <summary>The fastest axis: along the rows of a slice.</summary>
    X,

    /// <summary>The middle axis: down the columns of a slice.</summary>
    Y,

    /// <summary>The slowest axis: from slice to slice.</summary>
    Z,
}
