namespace Conjoint.Runtime;

/// <summary>Whether all stages and tasks see values scaled alike.</summary>
public enum InputScale
{
    /// <summary>paper: one mean and one standard deviation for all stages and tasks.</summary>
    One,

    /// <summary>
    /// released: ImageNet's mean and standard deviation of each colour in stage <c>slices</c>, values in [0, 1] as they are in
    /// the two other stages, 0 to 255 in labelled tasks.
    /// </summary>
    Released,
}
