namespace Conjoint.Nets;

/// <summary>The shape of <c>VolumeEncoder</c>, f_inter of the paper.</summary>
public sealed record VolumeEncoderSettings
{
    /// <summary>Width d of the slice tokens and of the volume embedding.</summary>
    public int Width { get; init; } = 640;

    /// <summary>Stacked layers of attention and feed-forward.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Width of a head.</summary>
    public int HeadWidth { get; init; } = 64;

    /// <summary>Hidden width of the feed-forward part.</summary>
    public int HiddenWidth { get; init; } = 720;

    /// <summary>Dropout after each norm and inside the feed-forward part.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>D of the relative position bias table of 2D−1 entries, Eq. (8).</summary>
    public int PositionTable { get; init; } = 64;
}
