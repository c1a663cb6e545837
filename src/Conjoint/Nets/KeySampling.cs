using System.Text.Json.Serialization;

namespace Conjoint.Nets;

/// <summary>Where keys and values are sampled, Eq. (7).</summary>
public enum KeySampling
{
    /// <summary>paper: in the middle of M equal cells, moved by the offsets, held inside the volume.</summary>
    Grid,

    /// <summary>released with deformable-attention 0.0.19 or newer: along the sequence, zeros beyond its ends.</summary>
    Fixed,

    /// <summary>released with the version that it pins, 0.0.18: always the middle of the sequence, the weaker the farther the offset.</summary>
    [JsonStringEnumMemberName("v0018")]
    V0018,
}
