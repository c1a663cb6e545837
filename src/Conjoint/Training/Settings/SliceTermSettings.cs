using Conjoint.Runtime.Settings;

namespace Conjoint.Training.Settings;

/// <summary>
/// The 2D term of stage <c>volumes</c>: the agreement of slices, Eq. (5), beside that of volumes, Eq. (12). Crops, projection head and
/// prototypes are those of <c>slices</c>, and go on from that stage's weights.
/// </summary>
public sealed record SliceTermSettings
{
    /// <summary>
    /// Weight of Eq. (5) in the sum (12) + weight · (5). 0, without the term, is <c>paper</c> (its stage 3 learns by Eq. (12)) and
    /// <c>released</c>; any other value is ours.
    /// </summary>
    [Bounds(AtLeast = 0)]
    public double Weight { get; init; }

    /// <summary>
    /// Slices that each volume of a batch gives: it is cut into so many parts, and each part gives one of its slices, drawn anew in every epoch.
    /// </summary>
    [Bounds(AtLeast = 1)]
    public int SlicesPerVolume { get; init; } = 8;
}
