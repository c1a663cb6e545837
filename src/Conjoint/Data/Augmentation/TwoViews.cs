namespace Conjoint.Data.Augmentation;

/// <summary>
/// The transforms s and t of the two views of a volume: one transform each, of two different kinds (the released code's way to draw
/// the paper's s, t from T).
/// </summary>
/// <param name="First">The transform of the first view.</param>
/// <param name="Second">The transform of the second view, of another kind.</param>
public readonly record struct TwoViews(VolumeTransform First, VolumeTransform Second)
{
    /// <summary>Draws two kinds without replacement, then the parameters of both.</summary>
    /// <param name="grid">The volume's grid.</param>
    /// <param name="settings">Kinds and ranges, free of faults.</param>
    /// <param name="random">Where the kinds and parameters are drawn from.</param>
    /// <exception cref="ArgumentException">The settings name fewer than two kinds.</exception>
    public static TwoViews Draw(VolumeGrid grid, VolumeTransformSettings settings, RandomStream random)
    {
        if (settings.Kinds.Count < 2)
        {
            throw new ArgumentException("Two views need at least two kinds of transforms.", nameof(settings));
        }

        var first = random.NextInt(settings.Kinds.Count);
        var second = random.NextInt(settings.Kinds.Count - 1);
        second += second >= first ? 1 : 0;

        var firstTransform = VolumeTransforms.Draw(settings.Kinds[first], grid, settings, random);
        var secondTransform = VolumeTransforms.Draw(settings.Kinds[second], grid, settings, random);
        return new TwoViews(firstTransform, secondTransform);
    }
}
