using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>
/// released: deformable attention as the authors' code has it from a library, beside <see cref="DeformableAttention1d"/> of the text.
/// </summary>
/// <remarks>
/// <para>
/// Over [B, C, n] it asks at each of n places. In the release the places are the features and the channels the slices, so every
/// volume needs the number of slices that the weights were made for. With groups, a head's projections see its own share of the channels.
/// </para>
/// <para>
/// Source: DeformableAttention1D of lucidrains/deformable-attention, versions 0.0.18 and 0.0.20; names as there: <c>to_offsets.0|2.*</c>,
/// <c>rel_pos_bias.mlp.*</c>, <c>to_q|to_k|to_v.weight</c> [H·w, C/G, 1], <c>to_out.weight|bias</c>.
/// </para>
/// </remarks>
internal sealed class ReleasedAttention1d : Module<Tensor, SliceLayout, Tensor>
{
    private readonly ReleasedAttentionSettings _settings;
    private readonly AttentionAxis _across;

    [ComponentName(Name = "to_offsets")] private readonly Sequential _offsets;
    [ComponentName(Name = "rel_pos_bias")] private readonly DistanceBias _bias;
    [ComponentName(Name = "to_q")] private readonly Conv1d _toQuery;
    [ComponentName(Name = "to_k")] private readonly Conv1d _toKey;
    [ComponentName(Name = "to_v")] private readonly Conv1d _toValue;
    [ComponentName(Name = "to_out")] private readonly Conv1d _toOutput;

    /// <exception cref="ArgumentException">Heads, groups, channels, kernel and downsampling do not fit together.</exception>
    public ReleasedAttention1d(ReleasedAttentionSettings settings, AttentionAxis across)
        : base(nameof(ReleasedAttention1d))
    {
        var (groups, margin) = (settings.Groups, settings.OffsetKernel - settings.Downsampling);
        if (settings.Sampling == KeySampling.Grid || groups < 1 || settings.Heads % groups != 0 || settings.Channels % groups != 0 || margin < 0 || margin % 2 != 0)
            throw new ArgumentException($"ReleasedAttention1d: {settings} can't be built: groups divide heads and channels, kernel − downsampling is even and not negative.", nameof(settings));
        (_settings, _across) = (settings, across);
        var inner = settings.Heads * settings.HeadWidth;
        var perGroup = inner / groups;
        _offsets = Sequential(
            Conv1d(perGroup, perGroup, settings.OffsetKernel, stride: settings.Downsampling, padding: margin / 2, groups: perGroup),
            GELU(),
            Conv1d(perGroup, 1, 1, bias: false));
        _bias = new DistanceBias(settings.Channels / 4, settings.Heads, groups, depth: 2, settings.LogDistance);
        _toQuery = Conv1d(settings.Channels, inner, 1, groups: settings.GroupQueries ? groups : 1, bias: false);
        _toKey = Conv1d(settings.Channels, inner, 1, groups: settings.GroupKeyValues ? groups : 1, bias: false);
        _toValue = Conv1d(settings.Channels, inner, 1, groups: settings.GroupKeyValues ? groups : 1, bias: false);
        _toOutput = Conv1d(inner, settings.Channels, 1);
        RegisterComponents();
    }

    /// <summary>The attention of a volume encoder's layer.</summary>
    /// <param name="tokens">[B, N, d], volumes of equal length.</param>
    /// <param name="layout">Which rows are slices: here all.</param>
    /// <returns>[B, N, d].</returns>
    /// <exception cref="ArgumentException">The volumes differ in length, or have another one than the weights.</exception>
    public override Tensor forward(Tensor tokens, SliceLayout layout)
    {
        using var scope = NewDisposeScope();
        if (layout.Padding is not null || tokens.dim() != 3 || tokens.shape[_across == AttentionAxis.Features ? 1 : 2] != _settings.Channels)
        {
            throw new ArgumentException(
                $"the released attention takes volumes of equal length{(_across == AttentionAxis.Features ? $", {_settings.Channels} slices each" : "")}; received tokens [{string.Join(", ", tokens.shape)}] of volumes of [{string.Join(", ", layout.Lengths)}] slices.", nameof(tokens));
        }

        var related = _across == AttentionAxis.Features
            ? Attend(tokens).Output                                                         // N channels, d places
            : Attend(tokens.transpose(1, 2)).Output.transpose(1, 2);                        // d channels, N places
        return related.MoveToOuterDisposeScope();
    }

    /// <summary>The attention and where it looked.</summary>
    /// <param name="x">[B, C, n].</param>
    /// <returns>Output [B, C, n]; Positions [B·G, M], in samples, not held inside the sequence.</returns>
    internal (Tensor Output, Tensor Positions) Attend(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (batch, places) = (x.shape[0], x.shape[2]);
        var type = x.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : x.dtype;
        var queries = _toQuery.forward(x);                                                  // [B, H·w, n]

        // Offsets see the queries before they are scaled.
        var offsets = _offsets.forward(Group(queries)).squeeze(1).to(type).tanh() * (_settings.OffsetScale ?? _settings.Downsampling); // [BG, M]
        var positions = arange(offsets.shape[1], dtype: type, device: x.device) + offsets;  // [BG, M]
        var keyGrid = ReleasedSampling.Normalise(positions);
        var sampled = ReleasedSampling.Sample(Group(x).to(type), keyGrid, _settings.Sampling).to(x.dtype);    // [BG, C/G, M]
        sampled = sampled.reshape(batch, _settings.Channels, -1);                           // [B, C, M]

        var keys = SplitHeads(_toKey.forward(sampled));                                     // [B, H, w, M]
        var values = SplitHeads(_toValue.forward(sampled));
        var queryGrid = ReleasedSampling.Normalise(arange(places, dtype: type, device: x.device));
        var logits = matmul((SplitHeads(queries) / Math.Sqrt(_settings.HeadWidth)).transpose(-2, -1), keys).to(type)
            + _bias.BeforeSoftmax(queryGrid, keyGrid).to(type);                             // [B, H, n, M]
        var heads = matmul(values, logits.softmax(-1).to(values.dtype).transpose(-2, -1));  // [B, H, w, n]

        var output = _toOutput.forward(heads.reshape(batch, -1, places));                   // [B, C, n]
        return (output.MoveToOuterDisposeScope(), positions.MoveToOuterDisposeScope());
    }

    private Tensor Group(Tensor channels) =>                                                // [B, c, n] -> [B·G, c/G, n]
        channels.reshape(channels.shape[0] * _settings.Groups, -1, channels.shape[2]);

    private Tensor SplitHeads(Tensor channels) =>                                           // [B, H·w, n] -> [B, H, w, n]
        channels.reshape(channels.shape[0], _settings.Heads, _settings.HeadWidth, -1);
}
