namespace Conjoint.Nets;

/// <summary>The shape of <c>SliceEncoder</c>, f_intra of the paper: a ResNet with bottleneck blocks.</summary>
public sealed record SliceEncoderSettings
{
    /// <summary>Width of the stem; the four stages are 4, 8, 16 and 32 times as wide. 64 is ResNet-50's.</summary>
    public int BaseWidth { get; init; } = 64;

    /// <summary>Blocks in each of the four stages. 3, 4, 6, 3 is ResNet-50's.</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Which levels make the multi-level feature, Eq. (9); <c>last</c> is Table 7's "w/o multi-feature".</summary>
    public FeatureLevels FeatureLevels { get; init; } = FeatureLevels.All;

    /// <summary>Width of the multi-level feature: 61·base (3904 for ResNet-50), or 32·base for the last level alone.</summary>
    public int FeatureWidth => FeatureLevels == FeatureLevels.All ? 61 * BaseWidth : 32 * BaseWidth;
}
