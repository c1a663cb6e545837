using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Conjoint.Nets;

/// <summary>Masked feature embedding prediction, Eq. (13)–(14): some slices become [MASK], and f_decode predicts their features.</summary>
/// <remarks>Names: <c>mask_token</c> [d], <c>encoder.*</c> (the <see cref="VolumeEncoder"/>, shared), <c>decoder.weight|bias</c>.</remarks>
public sealed class MaskedModel : Module<Tensor, long[], Tensor, Tensor>
{
    [ComponentName(Name = "mask_token")] private Parameter _maskToken;
    [ComponentName(Name = "encoder")] private readonly VolumeEncoder _encoder;
    [ComponentName(Name = "decoder")] private readonly Linear _decoder;

    /// <summary>Wraps an encoder, which goes on to train; the token starts small (std 0.02, as BERT's), the decoder at random.</summary>
    /// <param name="encoder">f_inter; disposed together with this model.</param>
    /// <param name="name">The module's name.</param>
    public MaskedModel(VolumeEncoder encoder, string name = "masked_model")
        : base(name)
    {
        _encoder = encoder;
        _maskToken = new Parameter(init.normal_(empty(encoder.Settings.Width), mean: 0, std: 0.02)); // ours: the paper names no start
        _decoder = Linear(encoder.Settings.Width, encoder.Features);
        RegisterComponents();
    }

    /// <summary>f_inter, the part that later stages keep.</summary>
    public VolumeEncoder Encoder => _encoder;

    /// <summary>f_decode(f_inter(m ⊙ Y)) for every slice; the loss looks at the masked ones.</summary>
    /// <param name="features">Y: [B, Nmax, F_in], right-padded.</param>
    /// <param name="lengths">N of each volume, [B].</param>
    /// <param name="mask">m: [B, Nmax] bool, true where the slice is hidden.</param>
    /// <returns>[B, Nmax, F_in]; the caller's.</returns>
    /// <exception cref="ArgumentException">Shapes, lengths and mask do not fit together.</exception>
    public Tensor Predict(Tensor features, long[] lengths, Tensor mask)
    {
        using var scope = NewDisposeScope();
        _encoder.RequireRows(features);
        if (mask.dtype != ScalarType.Bool || mask.dim() != 2 || mask.shape[0] != features.shape[0] || mask.shape[1] != features.shape[1])
            throw new ArgumentException($"MaskedModel: mask {mask.dtype} [{string.Join(", ", mask.shape)}] must be Bool [{features.shape[0]}, {features.shape[1]}].", nameof(mask));

        var layout = new SliceLayout(lengths, features.shape[1], features);
        var embedded = _encoder.Embed(features, layout);                                    // [B, N, d]
        var tokens = where(mask.unsqueeze(-1), _maskToken.to(embedded.dtype), embedded);    // Eq. (13), before positions are added
        var context = _encoder.forward(tokens, layout);                                     // h, [B, N, d]
        return _decoder.forward(context).MoveToOuterDisposeScope();                         // Eq. (14), [B, N, F_in]
    }

    /// <inheritdoc cref="Predict"/>
    public override Tensor forward(Tensor features, long[] lengths, Tensor mask) => Predict(features, lengths, mask);
}
