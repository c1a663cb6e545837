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
    /// <param name="target">What is predicted. <see cref="MaskedTarget.Embedding"/> stops the training of the encoder's embedding.</param>
    /// <param name="name">The module's name.</param>
    public MaskedModel(VolumeEncoder encoder, MaskedTarget target = MaskedTarget.Features, string name = "masked_model")
        : base(name)
    {
        _encoder = encoder;
        Target = target;
        var ofFeatures = target == MaskedTarget.Features;
        // ours, since the paper names no start; released: standard deviation 1, some eighteen times that of an embedded slice.
        _maskToken = new Parameter(init.normal_(empty(encoder.Settings.Width), mean: 0, std: ofFeatures ? 0.02 : 1));
        _decoder = Linear(encoder.Settings.Width, ofFeatures ? encoder.Features : encoder.Settings.Width);
        if (!ofFeatures)
            encoder.FreezeEmbedding();
        RegisterComponents();
    }

    /// <summary>What is predicted.</summary>
    public MaskedTarget Target { get; }

    /// <summary>f_inter, the part that later stages keep.</summary>
    public VolumeEncoder Encoder => _encoder;

    /// <summary>What the prediction is held against: the features themselves, or released: their embedding.</summary>
    /// <param name="features">Y: [B, Nmax, F_in], right-padded.</param>
    /// <param name="lengths">N of each volume, [B].</param>
    /// <returns>[B, Nmax, F_in] or [B, Nmax, d], without gradient; the caller's.</returns>
    /// <exception cref="ArgumentException">Shapes and lengths do not fit together.</exception>
    public Tensor TargetOf(Tensor features, long[] lengths)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _encoder.RequireRows(features);
        var target = Target == MaskedTarget.Features ? features.alias() : _encoder.Embed(features, new SliceLayout(lengths, features.shape[1], features));
        return target.detach().MoveToOuterDisposeScope();
    }

    /// <summary>f_decode(f_inter(m ⊙ Y)) for every slice.</summary>
    /// <param name="features">Y: [B, Nmax, F_in], right-padded.</param>
    /// <param name="lengths">N of each volume, [B].</param>
    /// <param name="mask">m: [B, Nmax] bool, true where the slice is hidden.</param>
    /// <returns>As wide as the target: [B, Nmax, F_in], or [B, Nmax, d]; the caller's.</returns>
    /// <exception cref="ArgumentException">Shapes, lengths and mask do not fit together.</exception>
    public Tensor Predict(Tensor features, long[] lengths, Tensor mask)
    {
        using var scope = NewDisposeScope();
        _encoder.RequireRows(features);
        if (mask.dtype != ScalarType.Bool || mask.dim() != 2 || mask.shape[0] != features.shape[0] || mask.shape[1] != features.shape[1])
            throw new ArgumentException($"MaskedModel: mask {mask.dtype} [{string.Join(", ", mask.shape)}] must be Bool [{features.shape[0]}, {features.shape[1]}].", nameof(mask));

        var layout = new SliceLayout(lengths, features.shape[1], features);
        var embedded = _encoder.Embed(features, layout);                                    // [B, N, d]
        return PredictEmbedded(embedded, layout, mask).MoveToOuterDisposeScope();
    }

    /// <summary>The part of <see cref="Predict"/> behind the embedding.</summary>
    internal Tensor PredictEmbedded(Tensor embedded, SliceLayout layout, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var tokens = where(mask.unsqueeze(-1), _maskToken.to(embedded.dtype), embedded);    // Eq. (13), before positions are added
        var context = _encoder.forward(tokens, layout);                                     // h, [B, N, d]
        return _decoder.forward(context).MoveToOuterDisposeScope();                         // Eq. (14), [B, N, F_in]
    }

    /// <inheritdoc cref="Predict"/>
    public override Tensor forward(Tensor features, long[] lengths, Tensor mask) => Predict(features, lengths, mask);
}
