namespace Conjoint.Nets;

/// <summary>The shape of <c>SliceEncoder</c>, f_intra of the paper: a ResNet with bottleneck blocks.</summary>
public sealed record SliceEncoderSettings
{
    /// <summary>Width of the stem; the four stages are 4, 8, 16 and 32 times as wide. 64 is ResNet-50's.</summary>
    public int BaseWidth { get; init; } = 64;

    /// <summary>Blocks in each of the four stages. 3, 4, 6, 3 is ResNet-50's.</summary>
    public IReadOnlyList<int> Blocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Which levels make the multi-level feature, Eq. (9); <c>last</c> is Table 7's "w/o multi-feature", <c>last-twice</c> the released code's.</summary>
    public FeatureLevels FeatureLevels { get; init; } = FeatureLevels.All;

    /// <summary>Width of the multi-level feature: 61·base (3904 for ResNet-50), 32·base for the last level alone, 92·base (5888) as released.</summary>
    public int FeatureWidth => BaseWidth * FeatureLevels switch
    {
        FeatureLevels.Last => 32,
        FeatureLevels.LastTwice => 92,
        _ => 61,
    };

    /// <summary>
    /// released: channels of the first stage's 3×3 convolution, those of the next are 2, 4, 8 times as many; null for the base
    /// width. Only narrow nets of the released code's own class have another number: base·base/64.
    /// </summary>
    internal int? InnerWidth { get; init; }
}
