using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>
/// f_inter of the paper: slice features become tokens with their position, layers of deformable attention relate them, and
/// their unit mean is the volume's embedding, Eq. (10).
/// </summary>
/// <remarks>
/// <para>
/// Names: <c>embedding.weight|bias</c>, <c>layers.l.attention.*</c>, <c>layers.l.norm1|norm2.*</c>, <c>layers.l.ffn.linear1|linear2.*</c>.
/// A padded batch gives what each volume gives alone; padding may hold anything. The caller owns every tensor that comes back.
/// </para>
/// <para>
/// The settings choose between the text and the released code, part by part. The released attention takes volumes of equal length
/// only, and across features only of <see cref="VolumeEncoderSettings.Slices"/> slices.
/// </para>
/// </remarks>
public sealed class VolumeEncoder : Module<Tensor, SliceLayout, Tensor>
{
    [ComponentName(Name = "embedding")] private readonly Module<Tensor, Tensor> _embedding;
    [ComponentName(Name = "layers")] private readonly ModuleList<VolumeEncoderLayer> _layers;

    /// <summary>Makes the encoder, on the CPU, in float32.</summary>
    /// <param name="settings">Widths and depth.</param>
    /// <param name="features">F_in: width of the slice feature.</param>
    /// <param name="name">The module's name.</param>
    /// <exception cref="ArgumentException">The settings describe no encoder.</exception>
    public VolumeEncoder(VolumeEncoderSettings settings, int features, string name = "volume_encoder")
        : base(name)
    {
        if (features < 1)
            throw new ArgumentException($"VolumeEncoder: features {features} must be positive.", nameof(features));
        if (settings.Faults().ToList() is [var (key, fault), ..])
            throw new ArgumentException($"VolumeEncoder: {(key.Length > 0 ? key + ": " : "")}{fault}.", nameof(settings));
        Settings = settings;
        Features = features;
        _embedding = settings.Embedding == TokenEmbedding.Linear ? Linear(features, settings.Width) : ConvTranspose1d(features, settings.Width, 1);
        _layers = new ModuleList<VolumeEncoderLayer>([.. Enumerable.Range(0, settings.Layers).Select(_ => new VolumeEncoderLayer(settings))]);
        RegisterComponents();
    }

    /// <summary>Widths and depth.</summary>
    public VolumeEncoderSettings Settings { get; }

    /// <summary>F_in: width of the slice feature.</summary>
    public int Features { get; }

    internal IReadOnlyList<VolumeEncoderLayer> Layers => [.. _layers];

    /// <summary>Z of Eq. (10) for each volume, and its slices in context.</summary>
    /// <param name="features">Y of Eq. (9): [B, Nmax, F_in], each volume's slices first, then padding.</param>
    /// <param name="lengths">N of each volume, [B], from 1 to Nmax.</param>
    /// <returns>Slices [B, Nmax, d], zero in the padding; Embedding [B, d], unit rows.</returns>
    /// <exception cref="ArgumentException">Shapes and lengths do not fit together.</exception>
    public (Tensor Slices, Tensor Embedding) Encode(Tensor features, long[] lengths)
    {
        using var scope = NewDisposeScope();
        RequireRows(features);
        var layout = new SliceLayout(lengths, features.shape[1], features);
        var slices = layout.ZeroPadding(forward(Embed(features, layout), layout));          // [B, N, d]
        var mean = slices.sum(1) / layout.Slices.to(slices.dtype).unsqueeze(1);             // over the volume's own slices, [B, d]
        var embedding = UnitRows.Of(mean);                                                  // Eq. (10)
        return (slices.MoveToOuterDisposeScope(), embedding.MoveToOuterDisposeScope());
    }

    /// <summary>The tokens before their positions are added, [B, N, d].</summary>
    internal Tensor Embed(Tensor features, SliceLayout layout)
    {
        using var scope = NewDisposeScope();
        var rows = layout.ZeroPadding(features);                                            // [B, N, F_in]
        var tokens = Settings.Embedding == TokenEmbedding.Linear
            ? _embedding.forward(rows)
            : _embedding.forward(rows.transpose(1, 2)).transpose(1, 2);                     // over [B, F_in, N]
        return tokens.MoveToOuterDisposeScope();
    }

    /// <summary>Takes the embedding out of training; released: stage masked predicts what it makes.</summary>
    internal void FreezeEmbedding()
    {
        foreach (var parameter in _embedding.parameters())
            parameter.requires_grad_(false);
    }

    /// <summary>Adds the positions, where attention runs across slices, and runs the layers.</summary>
    /// <param name="tokens">[B, N, d], embedded slices or mask tokens.</param>
    /// <param name="layout">Which rows are slices.</param>
    /// <returns>h of Eq. (14): [B, N, d]; rows that are no slices hold finite numbers without meaning.</returns>
    public override Tensor forward(Tensor tokens, SliceLayout layout)
    {
        using var scope = NewDisposeScope();
        var x = Settings.Attention == AttentionAxis.Slices
            ? tokens + PositionalEncoding(layout.PaddedLength, Settings.Width).to(tokens.dtype).to(tokens.device)
            : tokens;
        foreach (var layer in _layers)
            x = layer.forward(x, layout);
        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Vaswani et al. 2017, 3.5: sin(p·10000^(−2i/d)) in feature 2i, the cosine in 2i + 1; float64 [N, d].</summary>
    internal static Tensor PositionalEncoding(long length, long width)
    {
        using var scope = NewDisposeScope();
        var position = arange(length, dtype: ScalarType.Float64).unsqueeze(1);              // [N, 1]
        var pair = arange((width + 1) / 2, dtype: ScalarType.Float64);                      // i, [d/2]
        var angle = position * (pair * (-2 * Math.Log(10000) / width)).exp();               // [N, d/2]
        var encoding = stack([angle.sin(), angle.cos()], -1).reshape(length, -1);           // [N, d], or one more when d is odd
        return encoding.narrow(1, 0, width).MoveToOuterDisposeScope();
    }

    /// <exception cref="ArgumentException">The features are not [B, N, F_in].</exception>
    internal void RequireRows(Tensor features)
    {
        if (features.dim() != 3 || features.shape[2] != Features)
            throw new ArgumentException($"VolumeEncoder: features [{string.Join(", ", features.shape)}] must be [B, N, {Features}].", nameof(features));
    }
}
