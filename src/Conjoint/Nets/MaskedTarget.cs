namespace Conjoint.Nets;

/// <summary>What masked prediction predicts, and with it how far it is off.</summary>
public enum MaskedTarget
{
    /// <summary>paper: the multi-level feature of the hidden slices; the decoder is as wide, and the loss is Eq. (15).</summary>
    Features,

    /// <summary>
    /// released: the embedding of every slice, which is random and stays so; the decoder keeps the width, both views hide the
    /// same slices, and the loss is the mean squared error over all of them, divided by the number of hidden ones.
    /// </summary>
    Embedding,
}
