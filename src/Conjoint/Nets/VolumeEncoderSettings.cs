namespace Conjoint.Nets;

/// <summary>The shape of <c>VolumeEncoder</c>, f_inter of the paper, and where it follows the text or the released code.</summary>
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

    /// <summary>What attention relates: slices (paper) or features (released).</summary>
    public AttentionAxis Attention { get; init; } = AttentionAxis.Slices;

    /// <summary>Where keys are sampled: on a grid with offsets (paper), or as either version of the released code's library does.</summary>
    public KeySampling Sampling { get; init; } = KeySampling.Grid;

    /// <summary>The relative position bias: a table (paper) or a perceptron (released).</summary>
    public PositionBias PositionBias { get; init; } = PositionBias.Table;

    /// <summary>How the embedding of a slice's feature is stored: a linear layer (paper) or a transposed convolution (released).</summary>
    public TokenEmbedding Embedding { get; init; } = TokenEmbedding.Linear;

    /// <summary>released: the slices of every volume, where attention across features has them as its channels; not read otherwise.</summary>
    public int Slices { get; init; } = 64;

    /// <summary>Whether the attention is that of the released code's library.</summary>
    internal bool IsReleasedAttention => Sampling != KeySampling.Grid;

    /// <summary>Numbers in the largest matrices. The whole net has more, but no more than a few times as many.</summary>
    /// <param name="features">F_in: width of the slice feature.</param>
    internal Int128 MatrixNumbers(int features)
    {
        Int128 width = Width, channels = Attention == AttentionAxis.Features ? Slices : Width;
        var projections = channels * Heads * HeadWidth;
        var bias = IsReleasedAttention ? channels / 4 * (channels / 4) : (Int128)Heads * (2L * PositionTable - 1);
        return width * features + Layers * (2 * width * HiddenWidth + projections + bias);
    }

    /// <summary>What cannot be built, by the setting's key; empty when all is well.</summary>
    public IEnumerable<(string Key, string Fault)> Faults()
    {
        if (Width < 2 || Width % 2 != 0)
            yield return ("width", $"received {Width}; expected an even number, for the positional encoding's pairs of sine and cosine");
        if (Layers < 1 || Heads < 1 || HeadWidth < 1 || HiddenWidth < 1 || PositionTable < 2)
            yield return ("", "layers, heads, head_width and hidden_width have to be at least 1, position_table at least 2");
        if (Dropout is not (>= 0 and < 1))
            yield return ("dropout", $"received {Dropout}; expected at least 0, below 1");
        if (Sampling == KeySampling.Grid && Attention == AttentionAxis.Features)
            yield return ("sampling", "attention across features samples as the released code does; expected fixed or v0018");
        if (IsReleasedAttention != (PositionBias == PositionBias.Mlp))
            yield return ("position_bias", $"sampling grid goes with a table, fixed and v0018 with mlp; expected {(IsReleasedAttention ? "mlp" : "table")}");
        var channels = Attention == AttentionAxis.Features ? Slices : Width;
        if (IsReleasedAttention && Heads >= 1 && (channels < 4 || channels % Heads != 0))
            yield return (Attention == AttentionAxis.Features ? "slices" : "width", $"received {channels}; expected a multiple of heads ({Heads}) of at least 4, since each head of the released attention has its own share of the channels");
        if (Attention == AttentionAxis.Features && Width < 4)
            yield return ("width", $"received {Width}; expected at least 4, for attention across features");
    }
}
