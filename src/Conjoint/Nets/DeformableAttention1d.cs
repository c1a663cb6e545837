using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>
/// Inter Deformable Attention, Eq. (6)–(8): every slice asks, keys and values are sampled at N/4 places along the slices that
/// the queries themselves move.
/// </summary>
/// <remarks>
/// <para>
/// Volumes of different lengths share a batch: each has its own grid, offsets and bias, and padding counts for nothing, so that
/// the result is that of one volume at a time.
/// </para>
/// <para>
/// Names: <c>bias_table</c> [H, 2D−1], <c>to_q|to_k|to_v.weight</c> [H·w, F], <c>to_out.weight|bias</c>,
/// <c>offset.depthwise.*</c>, <c>offset.pointwise.weight</c>. Head h owns rows h·w to (h+1)·w − 1 of the projections.
/// </para>
/// </remarks>
public sealed class DeformableAttention1d : Module<Tensor, SliceLayout, Tensor>
{
    private readonly int _width;
    private readonly int _heads;
    private readonly int _headWidth;
    private readonly int _tableSize;

    // Eq. (8)'s B̂. Not readonly: a change of device or type replaces it.
    [ComponentName(Name = "bias_table")] private Parameter _biasTable;
    [ComponentName(Name = "to_q")] private readonly Linear _toQuery;
    [ComponentName(Name = "to_k")] private readonly Linear _toKey;
    [ComponentName(Name = "to_v")] private readonly Linear _toValue;
    [ComponentName(Name = "to_out")] private readonly Linear _toOutput;
    [ComponentName(Name = "offset")] private readonly OffsetNetwork _offset;

    /// <summary>Makes the attention, on the CPU, in float32.</summary>
    /// <param name="settings">Width, heads and bias table; the rest is not read.</param>
    public DeformableAttention1d(VolumeEncoderSettings settings)
        : base(nameof(DeformableAttention1d))
    {
        (_width, _heads, _headWidth, _tableSize) = (settings.Width, settings.Heads, settings.HeadWidth, settings.PositionTable);
        var inner = _heads * _headWidth;
        _biasTable = new Parameter(init.normal_(empty(_heads, 2 * _tableSize - 1), mean: 0, std: 0.01));
        _toQuery = Linear(_width, inner, hasBias: false);
        _toKey = Linear(_width, inner, hasBias: false);
        _toValue = Linear(_width, inner, hasBias: false);
        _toOutput = Linear(inner, _width);
        _offset = new OffsetNetwork(_headWidth);
        RegisterComponents();
    }

    /// <summary>MHA = Concat[O⁽¹⁾, ..., O⁽ᴴ⁾]·W_O.</summary>
    /// <param name="tokens">Y: [B, N, F], positions already encoded.</param>
    /// <param name="layout">Which rows are slices.</param>
    /// <returns>[B, N, F]; rows that are no slices hold finite numbers without meaning.</returns>
    /// <exception cref="ArgumentException">The tokens do not match the layout or the attention's width.</exception>
    public override Tensor forward(Tensor tokens, SliceLayout layout)
    {
        using var scope = NewDisposeScope();
        var (heads, _) = Attend(tokens, layout);                                            // [B, N, H·w]
        return _toOutput.forward(heads).MoveToOuterDisposeScope();
    }

    /// <summary>Eq. (6)–(8): the heads before W_O, [B, N, H·w], and the sampled positions in slices, [B, H, M].</summary>
    internal (Tensor Heads, Tensor Positions) Attend(Tensor tokens, SliceLayout layout)
    {
        using var scope = NewDisposeScope();
        tokens = layout.ZeroPadding(tokens);                                                // [B, N, F]
        if (tokens.shape[2] != _width)
            throw new ArgumentException($"DeformableAttention1d: tokens [{string.Join(", ", tokens.shape)}] don't match width {_width}.", nameof(tokens));

        // Eq. (6). Sampling is linear, so that projecting all slices and then sampling equals the paper's other order.
        var queries = SplitHeads(_toQuery.forward(tokens));                                 // [B, H, N, w]
        var keysAndValues = cat([SplitHeads(_toKey.forward(tokens)), SplitHeads(_toValue.forward(tokens))], -1);

        // Eq. (7)
        var positions = Positions(_offset.forward(queries), layout);                        // [B, H, M]
        var sampled = LinearInterpolation.SampleRows(keysAndValues, positions).chunk(2, -1);
        var (keys, values) = (sampled[0], sampled[1]);                                      // [B, H, M, w]

        // Eq. (8). Softmax in the type of the positions: 16-bit logits would lose the bias.
        var logits = matmul(queries / Math.Sqrt(_headWidth), keys.transpose(-2, -1)).to(layout.Type)
            + PositionBias(positions, layout);                                              // [B, H, N, M]
        if (layout.SamplePadding is { } absent)
            logits = logits.masked_fill(absent.unsqueeze(1).unsqueeze(1), double.NegativeInfinity);
        var heads = matmul(logits.softmax(-1).to(values.dtype), values);                    // [B, H, N, w]

        heads = heads.transpose(1, 2).reshape(tokens.shape[0], tokens.shape[1], -1);        // [B, N, H·w]
        return (heads.MoveToOuterDisposeScope(), positions.MoveToOuterDisposeScope());
    }

    /// <summary>p + Δp of Eq. (7), in slices: the middle of cell j of M equal cells, moved, held inside the volume.</summary>
    private static Tensor Positions(Tensor offsets, SliceLayout layout)
    {
        var slices = layout.Slices.reshape(-1, 1, 1);                                       // N, [B, 1, 1]
        var samples = layout.Samples.reshape(-1, 1, 1);                                     // M, [B, 1, 1]
        var cell = arange(layout.SampleCount, dtype: layout.Type, device: offsets.device);  // j, [M]
        var position = (offsets.to(layout.Type) + cell + 0.5) * slices / samples - 0.5;     // [B, H, M]
        return position.clamp(zeros_like(slices), slices - 1);
    }

    /// <summary>φ(B̂; R) of Eq. (8): R is the displacement i − p_j as a share of the volume's length.</summary>
    private Tensor PositionBias(Tensor positions, SliceLayout layout)
    {
        var slice = arange(layout.PaddedLength, dtype: layout.Type, device: positions.device).unsqueeze(-1); // i, [N, 1]
        var span = (layout.Slices - 1).clamp(min: 1).reshape(-1, 1, 1, 1);                  // max(N − 1, 1), [B, 1, 1, 1]
        var displacement = (slice - positions.unsqueeze(-2)) / span;                        // −1 to 1, [B, H, N, M]
        return LinearInterpolation.SampleTable(_biasTable.to(layout.Type), (displacement + 1) * (_tableSize - 1));
    }

    private Tensor SplitHeads(Tensor rows) =>                                               // [B, N, H·w] -> [B, H, N, w]
        rows.reshape(rows.shape[0], rows.shape[1], _heads, _headWidth).transpose(1, 2);
}
