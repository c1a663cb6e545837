namespace Conjoint.Nets;

/// <summary>The relative position bias of Eq. (8).</summary>
public enum PositionBias
{
    /// <summary>paper: a table of 2D−1 entries a head, linearly interpolated.</summary>
    Table,

    /// <summary>released: a small multi-layer perceptron of the signed logarithm of the distance.</summary>
    Mlp,
}
