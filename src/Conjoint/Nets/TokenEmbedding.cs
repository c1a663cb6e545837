namespace Conjoint.Nets;

/// <summary>The map from a slice's feature to its token; the same numbers, stored in two shapes.</summary>
public enum TokenEmbedding
{
    /// <summary>paper: a linear layer, weight [d, F_in].</summary>
    Linear,

    /// <summary>released: <c>deconv</c>, a transposed convolution of width 1 over the slices, weight [F_in, d, 1].</summary>
    Deconv,
}
