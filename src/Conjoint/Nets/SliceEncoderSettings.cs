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

    /// <summary>Numbers in the 3×3 kernels of all blocks. The whole net has more, but no more than a few times as many.</summary>
    internal Int128 KernelNumbers
    {
        get
        {
            Int128 numbers = 0, width = InnerWidth ?? BaseWidth;
            foreach (var blocks in Blocks)
            {
                numbers += blocks * 9 * width * width;
                width *= 2;
            }

            return numbers;
        }
    }

    /// <summary>What cannot be built, by the setting's key; empty when all is well.</summary>
    public IEnumerable<(string Key, string Fault)> Faults()
    {
        if (Blocks.Count != 4 || Blocks.Any(b => b < 1))
            yield return ("blocks", $"received [{string.Join(", ", Blocks)}]; expected four numbers of at least 1, such as [3, 4, 6, 3]");
        if (BaseWidth < 1)
            yield return ("base_width", $"received {BaseWidth}; expected at least 1");
    }
}
