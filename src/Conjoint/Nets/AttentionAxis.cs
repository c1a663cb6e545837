namespace Conjoint.Nets;

/// <summary>What the attention of <see cref="VolumeEncoder"/> relates.</summary>
public enum AttentionAxis
{
    /// <summary>paper: the slices of a volume, any number of them; sines and cosines tell their places.</summary>
    Slices,

    /// <summary>released: the features, with a fixed number of slices as channels; nothing tells places.</summary>
    Features,
}
