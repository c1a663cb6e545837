namespace Conjoint.Nets;

/// <summary>
/// The options of <c>DeformableAttention1D</c> in the library that the released code uses. The release leaves all but the
/// first five as they are; the golden cases vary every one.
/// </summary>
/// <param name="Channels">C: slices where attention runs across features, features where it runs across slices.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="HeadWidth">w: width of a head.</param>
/// <param name="Sampling">The library's version; <see cref="KeySampling.Grid"/> is none.</param>
/// <param name="OffsetScale">The farthest a sample moves, in samples; null for <see cref="Downsampling"/>.</param>
internal sealed record ReleasedAttentionSettings(int Channels, int Heads, int HeadWidth, KeySampling Sampling, double? OffsetScale = 2)
{
    /// <summary>r: positions a sample stands for.</summary>
    public int Downsampling { get; init; } = 4;

    /// <summary>Groups G with offsets of their own, a divisor of the heads; null for one a head.</summary>
    public int? OffsetGroups { get; init; }

    /// <summary>Width of the offset network's convolution.</summary>
    public int OffsetKernel { get; init; } = 6;

    /// <summary>Whether the position bias sees the signed logarithm of the distance or the distance itself.</summary>
    public bool LogDistance { get; init; } = true;

    /// <summary>Whether queries see their group's channels alone.</summary>
    public bool GroupQueries { get; init; } = true;

    /// <summary>Whether keys and values see their group's channels alone.</summary>
    public bool GroupKeyValues { get; init; } = true;

    /// <summary>G.</summary>
    public int Groups => OffsetGroups ?? Heads;

    /// <summary>The attention of a volume encoder's layer.</summary>
    public static ReleasedAttentionSettings Of(VolumeEncoderSettings settings) =>
        new(settings.Attention == AttentionAxis.Features ? settings.Slices : settings.Width, settings.Heads, settings.HeadWidth, settings.Sampling);
}
